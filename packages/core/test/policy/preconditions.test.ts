import {describe, expect, it} from '@jest/globals';
import {allowsRange, answerConditions, hasConditionsForServer} from '../../src/policy/preconditions.js';
import {dateAt, ETAG, sampleRequest, sampleStored} from './samples.js';

const stored = (...rawHeaders: string[]) => sampleStored({rawHeaders});
const asks = (headers: Record<string, string>) => sampleRequest({headers});

describe('answerConditions', () => {
	it.each<[string, string, string | undefined]>([
		['"v1"', '"v1"', 'etagMatches'],
		['"v1"', 'W/"v1"', 'etagMatches'],
		['W/"v1"', '"v1"', 'etagMatches'],
		['W/"v1"', 'W/"v1"', 'etagMatches'],
		['"v1"', '"v2"', undefined],
		['"v1"', '"v1", "x", "y"', 'etagMatches'],
		['"v1"', '"x", "v1", "y"', 'etagMatches'],
		['"v1"', '"x","y","v1"', 'etagMatches'],
		['"v1"', '*', 'etagMatches'],
		['"v1"', '', undefined],
		['"v,1"', '"x", "v,1"', 'etagMatches'],
		['"ü"', '"ü"', 'etagMatches'],
		['', '*', 'etagMatches'],
		['', '"v1"', undefined],
	])('stored %s, If-None-Match %s: %s', (etag, listed, reason) => {
		const fields = etag === '' ? [] : ['ETag', etag];
		expect(answerConditions(asks({'if-none-match': listed}), stored(...fields))?.reason).toBe(reason);
	});

	it.each<[string, string[], since: string, boolean]>([
		['the same date', ['Last-Modified', dateAt(-3000)], dateAt(-3000), true],
		['a later one', ['Last-Modified', dateAt(-3000)], dateAt(-2000), true],
		['an earlier one', ['Last-Modified', dateAt(-3000)], dateAt(-3001), false],
		['an obsolete form', ['Last-Modified', 'Sun, 06 Nov 1994 08:49:37 GMT'], 'Sunday, 06-Nov-94 08:49:37 GMT', true],
		['no date', ['Last-Modified', dateAt(-3000)], 'today', false],
		['Date, where it was not said when it changed', ['Date', dateAt(-10)], dateAt(-10), true],
		['a time before that Date', ['Date', dateAt(-10)], dateAt(-11), false],
		['the time of arrival, where there is no Date either', [], dateAt(-60), true],
		['a time before that', [], dateAt(-61), false],
	])('If-Modified-Since with %s', (_, fields, since, isAnswered) => {
		expect(answerConditions(asks({'if-modified-since': since}), stored(...fields))?.reason).toBe(
			isAnswered ? 'notModifiedSince' : undefined,
		);
	});

	it('passes over a date beside tags', () => {
		const fields = ['ETag', ETAG, 'Last-Modified', dateAt(-3000)];
		const headers = {'if-none-match': '"v2"', 'if-modified-since': dateAt(-3000)};
		expect(answerConditions(asks(headers), stored(...fields))).toBeUndefined();
		expect(
			answerConditions(asks({...headers, 'if-none-match': ETAG, 'if-modified-since': dateAt(-9999)}), stored(...fields))
				?.reason,
		).toBe('etagMatches');
	});

	it('says nothing where nothing is asked', () => {
		expect(answerConditions(asks({}), stored('ETag', ETAG))).toBeUndefined();
	});
});

describe('allowsRange', () => {
	const dated = ['Last-Modified', dateAt(-3000), 'Date', dateAt(-60)];
	it.each<[string, string | undefined, string[], boolean]>([
		['no If-Range', undefined, [], true],
		['the tag', '"v1"', ['ETag', '"v1"'], true],
		['another tag', '"v2"', ['ETag', '"v1"'], false],
		['a weak tag', 'W/"v1"', ['ETag', 'W/"v1"'], false],
		['a tag where none is stored', '"v1"', dated, false],
		['the date', dateAt(-3000), dated, true],
		['a later date', dateAt(-2999), dated, false],
		['a date that may be too young', dateAt(-60), ['Last-Modified', dateAt(-60), 'Date', dateAt(-60)], false],
		['a date without Date', dateAt(-3000), dated.slice(0, 2), false],
		['nonsense', 'x', dated, false],
	])('with %s', (_, ifRange, fields, allows) => {
		const headers = ifRange === undefined ? {} : {'if-range': ifRange};
		expect(allowsRange(asks(headers), stored(...fields))).toBe(allows);
	});
});

it.each([
	['if-match', true],
	['if-unmodified-since', true],
	['if-none-match', false],
	['if-modified-since', false],
	['range', false],
	['if-range', false],
])('%s is for the server alone: %p', (name, is) => {
	expect(hasConditionsForServer(asks({[name]: 'x'}))).toBe(is);
});
