import {describe, expect, it} from '@jest/globals';
import {invalidatedUrls, mayInvalidate} from '../../src/policy/invalidation.js';
import {sampleRequest} from './samples.js';

const URL_WITH_ALL = 'https://user:secret@example.com/a/b?c=1#d';
const TARGET = 'https://example.com/a/b?c=1';
const urls = (method: string, statusCode = 200, ...rawHeaders: string[]) =>
	invalidatedUrls(sampleRequest({method, url: URL_WITH_ALL}), {statusCode, rawHeaders});

describe('invalidatedUrls', () => {
	it.each(['POST', 'PUT', 'DELETE', 'PATCH', 'M-SEARCH', 'UNHEARD-OF'])('%s invalidates its target', method => {
		expect(urls(method)).toEqual([TARGET]);
		expect(mayInvalidate(method)).toBe(true);
	});

	it.each(['GET', 'HEAD', 'OPTIONS', 'TRACE', 'QUERY'])('%s invalidates nothing', method => {
		expect(urls(method, 200, 'Location', '/x')).toEqual([]);
		expect(mayInvalidate(method)).toBe(false);
	});

	it.each([
		[200, true],
		[204, true],
		[201, true],
		[303, true],
		[399, true],
		[199, false],
		[400, false],
		[500, false],
		[599, false],
	])('after a %i: %p', (statusCode, is) => {
		expect(urls('PUT', statusCode).length > 0).toBe(is);
	});

	it.each<[string, string[], string[]]>([
		['a path', ['Location', '/x'], ['https://example.com/x']],
		['a relative path', ['Content-Location', 'x'], ['https://example.com/a/x']],
		['both', ['Location', '/x', 'Content-Location', '/y#z'], ['https://example.com/x', 'https://example.com/y']],
		['the same origin', ['Location', 'https://example.com:443/x'], ['https://example.com/x']],
		['its own URL', ['Content-Location', TARGET], []],
		['an empty one, which is its own URL', ['Content-Location', ''], []],
		['another host', ['Location', 'https://example.org/x'], []],
		['another scheme', ['Location', 'http://example.com/x'], []],
		['another port', ['Location', 'https://example.com:444/x'], []],
		['several', ['Location', '/x', 'location', '/y'], ['https://example.com/x', 'https://example.com/y']],
		['none that is a URL', ['Location', 'http://['], []],
	])('and with %s', (_, rawHeaders, others) => {
		expect(urls('POST', 201, ...rawHeaders)).toEqual([TARGET, ...others]);
	});
});
