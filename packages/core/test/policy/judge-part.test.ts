import {describe, expect, it} from '@jest/globals';
import type {ReceivedResponse} from '../../src/policy/judge-response.js';
import type {Plan} from '../../src/policy/plan.js';
import type {CacheSettings} from '../../src/policy/settings.js';
import {EXCHANGE, judge} from './judge-by-rules.js';
import type {JudgeCase} from './judge-case.js';
import {cacheControl, ETAG, NOW, rfcStored} from './samples.js';

const COMPLETE: Plan = {kind: 'complete', conditions: {}, standby: false, reason: 'partStored'};

describe('a part', () => {
	const head = (range: string, ...others: string[]) => [
		...cacheControl('max-age=50'),
		'ETag',
		ETAG,
		'Content-Range',
		range,
		...others,
	];
	const asked = {headers: {range: 'bytes=0-4'}};
	const received = (range: string, ...others: string[]) => ({statusCode: 206, rawHeaders: head(range, ...others)});
	const stored = rfcStored(head('bytes 0-4/10'), {statusCode: 206});

	it('is stored as it is', () => {
		expect(judge({request: asked, response: received('bytes 0-4/10')})).toMatchObject({
			kind: 'store',
			response: {statusCode: 206, bodySize: 5},
		});
	});

	it.each<[string, JudgeCase]>([
		['nobody asked for', {response: received('bytes 0-4/10')}],
		['has no range', {request: asked, response: {statusCode: 206, rawHeaders: cacheControl('max-age=5')}}],
		['has two', {request: asked, response: received('bytes 0-4/10', 'Content-Range', 'bytes 0-4/10')}],
		['has another unit', {request: asked, response: received('items 0-4/10')}],
		['was decoded', {request: asked, response: {...received('bytes 0-4/10'), decoded: true}}],
		['is empty', {request: asked, response: {...received('bytes 0-4/10'), bodySize: 0}}],
		['is longer than it says', {request: asked, response: received('bytes 0-3/10')}],
		['may be cut off', {request: asked, response: received('bytes 0-5/10')}],
	])('that %s is not stored', (_, given) => {
		expect(judge(given)).toEqual({kind: 'skip', reason: 'rangeNotUnderstood'});
	});

	it.each([
		['Content-Length', '5'],
		['Transfer-Encoding', 'gzip, chunked'],
	])('that is short, but whole by %s, is stored', (...framing) => {
		expect(judge({request: asked, response: received('bytes 0-5/10', ...framing)}).kind).toBe('store');
	});

	it('is not stored over the whole, unless that is another version', () => {
		const whole = rfcStored(cacheControl('max-age=50', 'ETag', ETAG), {bodySize: 10});
		expect(judge({request: asked, stored: whole, response: received('bytes 0-4/10')})).toEqual({
			kind: 'skip',
			reason: 'completeStored',
		});
		const other = {...whole, rawHeaders: cacheControl('max-age=50', 'ETag', '"v0"')};
		const decoded = {...other, decoded: true};
		expect(judge({request: asked, stored: decoded, response: received('bytes 0-4/10')}).kind).toBe('skip');
		expect(judge({request: asked, stored: other, response: received('bytes 0-4/10')}).kind).toBe('store');
	});

	it('that completes the stored one makes a 200 of it', () => {
		expect(judge({stored, plan: COMPLETE, response: received('bytes 5-9/10', 'X-A', '1')})).toEqual({
			kind: 'combine',
			reason: 'partsJoined',
			give: 'combined',
			persist: true,
			vary: undefined,
			pieces: [
				{from: 'stored', start: 0, end: 5},
				{from: 'received', start: 0, end: 5},
			],
			response: {
				...stored,
				...EXCHANGE,
				createdAt: NOW,
				statusCode: 200,
				statusMessage: 'OK',
				expires: NOW + 50_000,
				keepUntil: NOW + 50_000,
				bodySize: 10,
				rawHeaders: [...cacheControl('max-age=50'), 'ETag', ETAG, 'X-A', '1', 'Content-Length', '10'],
			},
		});
	});

	it('that was asked for is joined to the stored one, and given by itself', () => {
		const verdict = judge({stored, request: {headers: {range: 'bytes=4-8'}}, response: received('bytes 4-8/10')});
		expect(verdict).toMatchObject({
			kind: 'combine',
			give: 'received',
			response: {statusCode: 206, bodySize: 9},
			pieces: [
				{from: 'stored', start: 0, end: 4},
				{from: 'received', start: 0, end: 5},
			],
		});
		expect('response' in verdict && verdict.response.rawHeaders).toContain('bytes 0-8/10');
	});

	it('that does not touch the stored one takes its place', () => {
		const given = {
			stored,
			request: {headers: {range: 'bytes=6-9'}},
			response: {...received('bytes 6-9/10'), bodySize: 4},
		};
		expect(judge(given)).toMatchObject({kind: 'store', response: {statusCode: 206, bodySize: 4}});
	});

	it.each<[string, Partial<ReceivedResponse>]>([
		['another part than was missing', received('bytes 6-10/11')],
		['a part of another version', {statusCode: 206, rawHeaders: ['Content-Range', 'bytes 5-9/10', 'ETag', '"v2"']}],
		['a part without a tag', {statusCode: 206, rawHeaders: ['Content-Range', 'bytes 5-9/10']}],
		['a 416', {statusCode: 416, rawHeaders: []}],
	])('that should be completed is fetched anew after %s', (_, response) => {
		expect(judge({stored, plan: COMPLETE, response})).toEqual({
			kind: 'refetch',
			plan: {kind: 'fetch', standby: false, reason: 'partStored'},
			reason: 'notCombinable',
		});
	});

	it('that should be completed is replaced by a whole', () => {
		expect(judge({stored, plan: COMPLETE, response: {rawHeaders: cacheControl('max-age=5')}})).toMatchObject({
			kind: 'store',
			response: {statusCode: 200},
		});
	});

	it.each<[string, CacheSettings, string[]]>([
		['readOnly', {readOnly: true}, []],
		['a size that is too large', {maxBodySize: 9}, []],
		['no-store', {}, ['Cache-Control', 'no-store']],
		['Vary: *', {}, ['Vary', '*']],
	])('is given whole but not kept with %s', (_, settings, fields) => {
		const rawHeaders = ['ETag', ETAG, 'Content-Range', 'bytes 5-9/10', ...fields];
		expect(judge({stored, plan: COMPLETE, settings, response: {statusCode: 206, rawHeaders}})).toMatchObject({
			kind: 'combine',
			give: 'combined',
			persist: false,
		});
	});
});
