import {describe, expect, it} from '@jest/globals';
import type {HttpRequest} from '../../src/http/request.js';
import type {Plan} from '../../src/policy/plan.js';
import {EXCHANGE, judge} from './judge-by-rules.js';
import {REVALIDATE} from './judge-case.js';
import {cacheControl, dateAt, ETAG, NOW, rfcStored, sampleStored} from './samples.js';

describe('a 304', () => {
	const stored = rfcStored(cacheControl('max-age=50', 'ETag', ETAG, 'Date', dateAt(-60), 'X-A', '1'));
	const notModified = (...rawHeaders: string[]) => ({
		stored,
		plan: REVALIDATE,
		response: {statusCode: 304, rawHeaders},
	});

	it('renews by what was stored, where it says nothing new', () => {
		expect(judge(notModified('ETag', ETAG, 'X-B', '2'))).toEqual({
			kind: 'freshen',
			persist: true,
			reason: 'notModified',
			response: {
				...stored,
				...EXCHANGE,
				expires: NOW + 50_000,
				keepUntil: NOW + 50_000,
				rawHeaders: [...cacheControl('max-age=50'), 'X-A', '1', 'ETag', ETAG, 'X-B', '2', 'Date', dateAt(0)],
			},
		});
	});

	it.each<[string, string[], number]>([
		['a new max-age', ['Cache-Control', 'max-age=9'], 9],
		['a new Expires, which max-age goes before', ['Expires', dateAt(9)], 50],
		['an Age', ['Age', '10'], 40],
		['a Date', ['Date', dateAt(-10)], 40],
		['no-cache', ['Cache-Control', 'no-cache, max-age=9'], 0],
	])('renews by %s', (_, rawHeaders, seconds) => {
		expect(judge(notModified(...rawHeaders))).toMatchObject({
			kind: 'freshen',
			response: {expires: NOW + seconds * 1000},
		});
	});

	it.each([
		['no-store', 'no-store', {}],
		['private, shared', 'private', {shared: true}],
	])('that says %s removes what is stored, which the caller still gets', (_, directive, settings) => {
		const verdict = judge({...notModified('Cache-Control', directive), settings});
		expect(verdict).toMatchObject({kind: 'freshen', persist: false, evict: true});
	});

	it('that varies by everything removes what is stored', () => {
		expect(judge(notModified('Vary', '*'))).toMatchObject({kind: 'freshen', persist: false, evict: true});
	});

	it('changes nothing in the store with readOnly', () => {
		const verdict = judge({...notModified('Cache-Control', 'no-store'), settings: {readOnly: true}});
		expect(verdict).toMatchObject({kind: 'freshen', persist: false});
		expect(verdict).not.toHaveProperty('evict');
	});

	it('takes over no field that it keeps out itself', () => {
		const verdict = judge(notModified('Cache-Control', 'max-age=9, no-cache="x-a"', 'X-A', '2'));
		expect(verdict).toMatchObject({kind: 'freshen'});
		expect('response' in verdict && verdict.response.rawHeaders).not.toContain('X-A');
	});

	it('with another tag renews nothing', () => {
		expect(judge(notModified('ETag', '"v2"'))).toMatchObject({kind: 'refetch', reason: 'etagMismatch'});
	});

	it.each<[string, Partial<HttpRequest>['headers'], string[], object]>([
		[
			'its own tag',
			{'if-none-match': ETAG},
			['ETag', ETAG],
			{kind: 'freshen', answer: {kind: 'notModified', reason: 'etagMatches'}},
		],
		[
			'its own tag, unnamed',
			{'if-none-match': ETAG},
			[],
			{kind: 'freshen', answer: {kind: 'notModified', reason: 'etagMatches'}},
		],
		['an older tag', {'if-none-match': '"v0"'}, ['ETag', ETAG], {kind: 'freshen', reason: 'notModified'}],
		['a newer tag', {'if-none-match': '"v2"'}, ['ETag', '"v2"'], {kind: 'evict', reason: 'notModifiedForCaller'}],
		['another tag, unnamed', {'if-none-match': '"v2"'}, [], {kind: 'refetch', reason: 'etagMismatch'}],
		['any tag', {'if-none-match': '*'}, [], {kind: 'freshen', answer: {kind: 'notModified'}}],
		[
			'a range',
			{range: 'bytes=0-1'},
			[],
			{kind: 'freshen', answer: {kind: 'servePartial', part: {offset: 0, length: 2}}},
		],
		['several ranges', {range: 'bytes=0-0,2-2'}, [], {kind: 'freshen'}],
	])('answers a caller that has %s', (_, headers, rawHeaders, expected) => {
		const verdict = judge({...notModified(...rawHeaders), request: {headers: headers ?? {}}});
		expect(verdict).toMatchObject(expected);
		if (!('answer' in expected)) {
			expect(verdict).not.toHaveProperty('answer');
		}
	});

	it('answers a caller that has its date', () => {
		const dated = rfcStored(cacheControl('max-age=50', 'Last-Modified', dateAt(-3000)));
		const plan: Plan = {...REVALIDATE, conditions: {'if-modified-since': dateAt(-3000)}};
		const request = {headers: {'if-modified-since': dateAt(-3000)}};
		expect(judge({stored: dated, plan, request, response: {statusCode: 304, rawHeaders: []}})).toMatchObject({
			kind: 'freshen',
			answer: {kind: 'notModified', reason: 'notModifiedSince'},
		});
	});
});

it('a failure while the stored response stands by is answered as the caller asks', () => {
	const plan: Plan = {...REVALIDATE, standby: true};
	const given = {stored: sampleStored(), plan, response: {statusCode: 503}};
	expect(judge(given)).toEqual({kind: 'useStored', reason: 'staleIfError'});
	expect(judge({...given, request: {headers: {'if-none-match': ETAG}}})).toMatchObject({answer: {kind: 'notModified'}});
});
