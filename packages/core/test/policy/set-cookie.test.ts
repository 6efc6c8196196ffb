import {describe, expect, it} from '@jest/globals';
import {agedCookie, cookiePlace} from '../../src/policy/set-cookie.js';

describe('cookiePlace', () => {
	it.each<[line: string, url: string, name: string, domain: string, path: string]>([
		['a=1', 'http://example.com/', 'a', 'example.com', '/'],
		['a=1', 'http://example.com/dir/page', 'a', 'example.com', '/dir'],
		['a=1', 'http://example.com/dir/', 'a', 'example.com', '/dir'],
		['a=1', 'http://example.com/page?x=/y/z', 'a', 'example.com', '/'],
		[' a b = 1;Path=/x', 'http://example.com/', 'a b', 'example.com', '/x'],
		['a=1; path = /x ; PATH=/y', 'http://example.com/', 'a', 'example.com', '/y'],
		['a=1; Path=relative', 'http://example.com/dir/page', 'a', 'example.com', '/dir'],
		['a=1; Path', 'http://example.com/dir/page', 'a', 'example.com', '/dir'],
		['a=1; Domain=.Example.COM', 'http://www.example.com/', 'a', 'example.com', '/'],
		['a=1; Domain=', 'http://www.example.com/', 'a', 'www.example.com', '/'],
		['a=b=c; Secure', 'http://127.0.0.1:8080/', 'a', '127.0.0.1', '/'],
		['no name', 'http://example.com/', '', 'example.com', '/'],
		['', 'http://example.com/', '', 'example.com', '/'],
	])('%j from %s', (line, url, name, domain, path) => {
		expect(cookiePlace(line, new URL(url))).toEqual({name, domain, path});
	});
});

describe('agedCookie', () => {
	const received = Date.UTC(2026, 0, 1);
	const minute = 60_000;

	it.each<[line: string, minutes: number, aged: string | undefined]>([
		['a=1', 10_000, 'a=1'],
		['a=1; Max-Age=60; Path=/', 0, 'a=1; Max-Age=60; Path=/'],
		['a=1; Max-Age=3600; Path=/', 10, 'a=1; Max-Age=3000; Path=/'],
		['a=1; Path=/; max-age = 3600', 10, 'a=1; Path=/; Max-Age=3000'],
		['a=1; Max-Age=60', 1, undefined],
		['a=1; Max-Age=60', 100, undefined],
		// The clock may have been put back.
		['a=1; Max-Age=60', -5, 'a=1; Max-Age=60'],
		// It wins over a date.
		[
			'a=1; Expires=Thu, 01 Jan 2026 00:05:00 GMT; Max-Age=3600',
			10,
			'a=1; Expires=Thu, 01 Jan 2026 00:05:00 GMT; Max-Age=3000',
		],
		['a=1; Expires=Fri, 01 Jan 2027 00:05:00 GMT; Max-Age=60', 10, undefined],
		['a=1; Max-Age=3600; Max-Age=1200', 10, 'a=1; Max-Age=600; Max-Age=600'],
		['a=1; Max-Age=soon', 10, 'a=1; Max-Age=soon'],
		// These take a cookie away.
		['a=; Max-Age=0', 10, 'a=; Max-Age=0'],
		['a=; Max-Age=-1', 10, 'a=; Max-Age=-1'],
		['a=; Expires=Thu, 01 Jan 1970 00:00:00 GMT', 10, 'a=; Expires=Thu, 01 Jan 1970 00:00:00 GMT'],
		['a=1; Expires=Thu, 01-Jan-2026 00:05:00 GMT', 4, 'a=1; Expires=Thu, 01-Jan-2026 00:05:00 GMT'],
		['a=1; Expires=Thu, 01-Jan-2026 00:05:00 GMT', 5, undefined],
		['a=1; Expires=whenever', 10_000, 'a=1; Expires=whenever'],
	])('%j after %d minutes', (line, minutes, aged) => {
		expect(agedCookie(line, received, received + minutes * minute)).toBe(aged);
	});
});
