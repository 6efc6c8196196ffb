import {describe, expect, it} from '@jest/globals';
import {conditionalHeaders, freshenedFields, hasOwnConditions, speaksOfStored} from '../../src/policy/validation.js';
import {dateAt, ETAG, LAST_MODIFIED, NOW, sampleRequest, sampleResponse, sampleStored} from './samples.js';

const withFields = (...rawHeaders: string[]) => sampleStored({rawHeaders});
const notModified = (...rawHeaders: string[]) => sampleResponse({statusCode: 304, rawHeaders, bodySize: 0});

describe('conditionalHeaders', () => {
	it.each<[string, string[], object]>([
		['nothing', [], {}],
		['an ETag', ['ETag', ETAG], {'if-none-match': ETAG}],
		['a weak ETag', ['etag', 'W/"v1"'], {'if-none-match': 'W/"v1"'}],
		["an ETag without quotes, which is the server's own", ['ETag', 'v1'], {'if-none-match': 'v1'}],
		['an ETag beyond ASCII', ['ETag', '"ü"'], {'if-none-match': '"ü"'}],
		['a date', ['Last-Modified', LAST_MODIFIED], {'if-modified-since': LAST_MODIFIED}],
		[
			'both',
			['Last-Modified', LAST_MODIFIED, 'ETag', ETAG],
			{'if-none-match': ETAG, 'if-modified-since': LAST_MODIFIED},
		],
		['the same ETag twice', ['ETag', ETAG, 'ETag', ETAG], {'if-none-match': ETAG}],
		['two ETags', ['ETag', ETAG, 'ETag', '"v2"'], {}],
		['an empty ETag', ['ETag', ''], {}],
		['an ETag with a line break', ['ETag', '"a"\r\nX-Evil: 1'], {}],
		['an ETag with a control character', ['ETag', '"a\u0000"'], {}],
		['an ETag beyond Latin-1', ['ETag', '"\u20ac"'], {}],
		['a date with a line break', ['Last-Modified', `${LAST_MODIFIED}\n`], {}],
	])('of %s', (_, rawHeaders, conditions) => {
		expect(conditionalHeaders(withFields(...rawHeaders))).toEqual(conditions);
	});
});

describe('hasOwnConditions', () => {
	it.each(['if-none-match', 'if-modified-since', 'if-match', 'if-unmodified-since', 'if-range', 'range'])(
		'sees %s',
		name => {
			expect(hasOwnConditions(sampleRequest({headers: {[name]: 'x'}}))).toBe(true);
			expect(hasOwnConditions(sampleRequest({headers: {[name]: ''}}))).toBe(true);
			expect(hasOwnConditions(sampleRequest({headers: {[name]: undefined}}))).toBe(false);
		},
	);

	it('sees none in other requests', () => {
		expect(hasOwnConditions(sampleRequest({headers: {accept: '*/*', 'cache-control': 'no-cache'}}))).toBe(false);
	});
});

describe('speaksOfStored', () => {
	it.each<[stored: string | undefined, current: string | undefined, speaks: boolean]>([
		['"v1"', '"v1"', true],
		['"v1"', '"v2"', false],
		['"v1"', undefined, true],
		[undefined, '"v1"', true],
		[undefined, undefined, true],
		['W/"v1"', 'W/"v1"', true],
		['W/"v1"', 'W/"v2"', false],
		['W/"v1"', '"v1"', true],
		['"v1"', 'W/"v1"', true],
		['W/"v1"', '"v2"', false],
		['"v1"', 'v1', false],
	])('stored %s, 304 with %s: %s', (stored, current, speaks) => {
		const fields = (etag: string | undefined) => (etag === undefined ? [] : ['ETag', etag]);
		expect(speaksOfStored(notModified(...fields(current)), withFields(...fields(stored)))).toBe(speaks);
	});
});

describe('freshenedFields', () => {
	const fieldsAfter = (stored: string[], ...update: string[]) =>
		freshenedFields(withFields(...stored), notModified(...update), NOW);

	it('replaces fields of the same name, in any case and number, and adds new ones', () => {
		expect(
			fieldsAfter(
				['X-A', '1', 'Set-Cookie', 'a=1', 'Set-Cookie', 'b=1', 'X-C', '1'],
				'set-cookie',
				'c=2',
				'x-a',
				'2',
				'x-new',
				'3',
			),
		).toEqual(['X-C', '1', 'set-cookie', 'c=2', 'x-a', '2', 'x-new', '3']);
	});

	it('keeps what the 304 does not have', () => {
		expect(fieldsAfter(['X-A', '1', 'ETag', ETAG])).toEqual(['X-A', '1', 'ETag', ETAG]);
	});

	it.each(['Content-Length', 'Content-Encoding', 'Content-Range', 'Content-MD5', 'Content-Digest'])(
		'leaves %s, on which the body depends',
		name => {
			expect(fieldsAfter([name, 'old'], name.toLowerCase(), 'new')).toEqual([name, 'old']);
			expect(fieldsAfter([], name, 'new')).toEqual([]);
		},
	);

	it('updates Content-Type', () => {
		expect(fieldsAfter(['Content-Type', 'text/plain'], 'Content-Type', 'text/html')).toEqual([
			'Content-Type',
			'text/html',
		]);
	});

	it('does not take over fields of the connection', () => {
		expect(fieldsAfter(['X-A', '1'], 'Connection', 'close, X-A', 'X-A', '2', 'Transfer-Encoding', 'chunked')).toEqual([
			'X-A',
			'1',
		]);
	});

	it('forgets the old Age', () => {
		expect(fieldsAfter(['Age', '500', 'X-A', '1'])).toEqual(['X-A', '1']);
		expect(fieldsAfter(['Age', '500'], 'Age', '7')).toEqual(['Age', '7']);
	});

	it('forgets the old Date', () => {
		expect(fieldsAfter(['Date', dateAt(-99)], 'Date', dateAt(-1))).toEqual(['Date', dateAt(-1)]);
		expect(fieldsAfter(['Date', dateAt(-99)])).toEqual(['Date', dateAt(0)]);
		expect(fieldsAfter([])).toEqual([]);
	});

	it('does not take over what it is told to leave', () => {
		const stored = withFields('X-A', '1');
		expect(freshenedFields(stored, notModified('X-A', '2', 'X-B', '2'), NOW, ['x-a'])).toEqual([
			'X-A',
			'1',
			'X-B',
			'2',
		]);
	});

	it('leaves what it was given unchanged', () => {
		const stored = Object.freeze(withFields('X-A', '1'));
		freshenedFields(stored, notModified('X-A', '2'), NOW);
		expect(stored.rawHeaders).toEqual(['X-A', '1']);
	});
});
