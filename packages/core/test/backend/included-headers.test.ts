import {describe, expect, it} from '@jest/globals';
import {includedHeaders} from '../../src/backend/included-headers.js';
import {get, keyWithHeaders} from './key-requests.js';

const included = (
	headers: Record<string, string | string[] | undefined>,
	includeHeaders: boolean | string[],
	ignoredParams: string[] = [],
) => includedHeaders(get({headers}), {includeHeaders, ignoredParams});

describe('includedHeaders', () => {
	it('are none by default', () => {
		expect(included({accept: 'a'}, false)).toEqual([]);
		expect(keyWithHeaders({accept: 'a'})).toBe(keyWithHeaders({accept: 'b'}));
	});

	it('are those of a list, by name, in lower case', () => {
		const headers = {'X-B': '2', accept: 'a', 'x-a': '1', other: 'o'};
		expect(included(headers, ['x-b', 'accept', 'x-a', 'absent'])).toEqual(['accept', 'a', 'x-a', '1', 'x-b', '2']);
	});

	it('of a list depend neither on its order nor on names twice', () => {
		const headers = {a: '1', b: '2'};
		expect(included(headers, ['b', 'a', 'b'])).toEqual(included(headers, ['a', 'b']));
	});

	it('tell absent from empty, and one from another', () => {
		const keys = [{}, {accept: ''}, {accept: 'a'}, {'x-a': 'a'}, {accept: 'a', 'x-a': 'a'}].map(headers =>
			keyWithHeaders(headers, {includeHeaders: ['accept', 'x-a']}),
		);
		expect(new Set(keys).size).toBe(keys.length);
		expect(keyWithHeaders({accept: undefined}, {includeHeaders: ['accept']})).toBe(keys[0]);
	});

	it('take several lines as one value (RFC 9110 §5.3)', () => {
		expect(included({accept: ['a', 'b']}, ['accept'])).toEqual(['accept', 'a, b']);
	});

	it('leave out ignoredParams, in any case', () => {
		expect(included({'x-ts': '1', accept: 'a'}, true, ['X-TS'])).toEqual(['accept', 'a']);
		expect(included({'x-ts': '1', accept: 'a'}, ['accept', 'x-ts'], ['X-TS'])).toEqual(['accept', 'a']);
	});

	describe('with true', () => {
		it('are all that describe the wanted response', () => {
			const headers = {accept: 'a', 'accept-language': 'b', 'user-agent': 'c', 'x-own': 'd', 'content-type': 'e'};
			expect(included(headers, true)).toEqual(Object.entries(headers).sort().flat());
		});

		it.each([
			...['authorization', 'x-api-key', 'cookie', 'proxy-authorization'],
			...['connection', 'keep-alive', 'te', 'trailer', 'transfer-encoding', 'upgrade', 'proxy-connection'],
			...['host', 'content-length', 'expect', 'cache-control', 'pragma', 'range', 'if-range'],
			...['if-none-match', 'if-modified-since', 'if-match', 'if-unmodified-since', 'accept-encoding', 'Cache-Control'],
		])('are not %s', name => {
			expect(included({[name]: 'x'}, true)).toEqual([]);
		});

		it('are accept-encoding too where the client does not decode', () => {
			const headers = {'accept-encoding': 'gzip'};
			const settings = {includeHeaders: true, ignoredParams: []};
			expect(includedHeaders(get({headers, decompress: false}), settings)).toEqual(['accept-encoding', 'gzip']);
		});
	});

	it('are credentials where a list says so, even for one user', () => {
		const settings = {identity: false, includeHeaders: ['x-api-key']} as const;
		expect(keyWithHeaders({'x-api-key': 'a'}, settings)).not.toBe(keyWithHeaders({'x-api-key': 'b'}, settings));
	});
});
