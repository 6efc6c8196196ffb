import {describe, expect, it} from '@jest/globals';
import fc from 'fast-check';
import {InvalidOptionError} from '../../src/errors.js';
import {compileUrlPatterns, matchUrl} from '../../src/policy/url-patterns.js';

function isMatched(pattern: string | RegExp, url: string): boolean {
	return matchUrl(compileUrlPatterns([[pattern, 60]]), url) !== undefined;
}

describe('a glob', () => {
	it.each<[glob: string, url: string, matched: boolean]>([
		['*', 'https://example.com/', true],
		['**', 'https://example.com/', true],
		['example.com', 'https://example.com/', true],
		['example.com', 'http://example.com/a?b=c', true],
		['example.com', 'https://example.org/', false],
		['example.com', 'https://www.example.com/', false],
		['*.example.com', 'https://www.example.com/a', true],
		['*.example.com', 'https://a.b.example.com/a', true],
		['*.example.com', 'https://example.com/a', false],
		['example.com/static', 'https://example.com/static/a.css', true],
		['example.com/static/*', 'https://example.com/static/a.css', true],
		['example.com/static/**', 'https://example.com/static/a/b.css', true],
		['example.com/static', 'https://example.com/', false],
		['example.com/*/a', 'https://example.com/x/y/a', true],
		['example.com/*.css', 'https://example.com/a.css?v=1', true],
		['*.css', 'https://example.com/a.css', true],
		['https://example.com/a', 'http://example.com/a', true],
		['*://example.com/a', 'https://example.com/a', true],
		['//example.com/a', 'https://example.com/a', true],
		['localhost:8080/a', 'http://localhost:8080/a', true],
		['localhost:8080/a', 'http://localhost:8081/a', false],
		['EXAMPLE.com/A', 'https://example.com/A', true],
		['example.com/a', 'https://example.com/A', false],
		['example.com/a?b', 'https://example.com/a?b=c', true],
		['example.com/a?b', 'https://example.com/aXb', false],
		['example.com/[ab]', 'https://example.com/a', false],
		['example.com/[ab]', 'https://example.com/[ab]', true],
		['example.com/!a', 'https://example.com/!a', true],
		['!example.com', 'https://example.org/', false],
		['!example.com', 'https://!example.com/', true],
		['example.com/a\\*', 'https://example.com/a\\b', true],
		['example.com/a\\*', 'https://example.com/a*', false],
		['example.com/redirect?to=https://x.test/', 'https://example.com/redirect?to=https://x.test/', true],
		['x.test', 'https://example.com/redirect?to=https://x.test/', false],
	])('%s and %s: %s', (glob, url, matched) => {
		expect(isMatched(glob, url)).toBe(matched);
	});

	it.each<[glob: string, url: string, matched: boolean]>([
		['example.com/a', 'https://me:secret@example.com/a', true],
		['me:secret@example.com/a', 'https://example.com/a', true],
		['*secret*', 'https://me:secret@example.com/a', false],
		['*part*', 'https://example.com/a#part', false],
		['example.com/a#part', 'https://example.com/a', true],
		['example.com/@me', 'https://example.com/@me', true],
		['example.com/?to=a@b.test', 'https://example.com/?to=a@b.test', true],
	])('sees neither user info nor fragment: %s and %s: %s', (glob, url, matched) => {
		expect(isMatched(glob, url)).toBe(matched);
	});
});

describe('a RegExp', () => {
	it.each<[regExp: RegExp, url: string, matched: boolean]>([
		[/^https:/, 'https://example.com/', true],
		[/^https:/, 'http://example.com/', false],
		[/\.css$/, 'https://example.com/a.css', true],
		[/\.css$/, 'https://example.com/a.css#part', true],
		[/\.CSS$/i, 'https://example.com/a.css', true],
		[/secret/, 'https://me:secret@example.com/', false],
		[/part/, 'https://example.com/#part', false],
		[/^https:/y, 'https://example.com/', true],
		[/example/y, 'https://example.com/', false],
	])('%s and %s: %s', (regExp, url, matched) => {
		expect(isMatched(regExp, url)).toBe(matched);
	});

	it.each(['g', 'y', 'gy'])('with the flags %s says the same at every call, and is left as it was', flags => {
		const regExp = new RegExp('https', flags);
		regExp.lastIndex = 3;
		const patterns = compileUrlPatterns([[regExp, 60]]);
		for (let call = 0; call < 3; call++) {
			expect(matchUrl(patterns, 'https://example.com/')).toBeDefined();
		}
		expect(regExp.lastIndex).toBe(3);
	});
});

describe('matchUrl', () => {
	it('gives the first match', () => {
		const patterns = compileUrlPatterns([
			['example.com/a', 1],
			[/example/, 2],
			['*', 3],
		]);
		expect(matchUrl(patterns, 'https://example.com/a')).toEqual({kind: 'duration', milliseconds: 1000});
		expect(matchUrl(patterns, 'https://example.com/b')).toEqual({kind: 'duration', milliseconds: 2000});
		expect(matchUrl(patterns, 'https://other.test/')).toEqual({kind: 'duration', milliseconds: 3000});
	});

	it('takes an object in its order', () => {
		const patterns = compileUrlPatterns({'example.com/a': 'immediately', '*': -1});
		expect(matchUrl(patterns, 'https://example.com/a')).toEqual({kind: 'immediately'});
		expect(matchUrl(patterns, 'https://example.com/b')).toEqual({kind: 'never'});
	});

	it('gives undefined where nothing matches, and where there is no pattern', () => {
		expect(matchUrl(compileUrlPatterns({'example.com': 1}), 'https://other.test/')).toBeUndefined();
		expect(matchUrl(compileUrlPatterns({}), 'https://other.test/')).toBeUndefined();
		expect(matchUrl(compileUrlPatterns([]), 'https://other.test/')).toBeUndefined();
	});

	it('finds any URL by itself as a glob, and never throws', () => {
		fc.assert(
			fc.property(fc.webUrl({withQueryParameters: true}), given => {
				const url = new URL(given).href;
				expect(isMatched(url, url)).toBe(true);
			}),
		);
	});
});

describe('compileUrlPatterns', () => {
	it.each<[string, unknown]>([
		['null', null],
		['a text', 'example.com'],
		['a number', 60],
		['a Map', new Map([['*', 60]])],
		['a RegExp', /a/],
		['a list of globs', ['example.com']],
		['a pair with too little', [['example.com']]],
		['a pair with too much', [['example.com', 60, 1]]],
		['a pattern that is a number', [[1, 60]]],
		['a pattern that has no text form', [[Object.create(null), 'x']]],
		['an empty glob', {'': 60}],
		['a glob that is only a scheme', {'https://': 60}],
		['a wrong expiration', {'example.com': '100'}],
		['an undefined expiration', {'example.com': undefined}],
	])('rejects %s', (_, value) => {
		expect(() => compileUrlPatterns(value)).toThrow(InvalidOptionError);
	});

	it('says which pattern has the wrong expiration', () => {
		expect(() => compileUrlPatterns({'example.com/a': '100'})).toThrow(/'urlsExpireAfter'.*"100".*example\.com\/a/);
	});
});
