import {describe, expect, it} from '@jest/globals';
import fc from 'fast-check';
import {canonicalUrl} from '../../src/backend/canonical-url.js';
import {ignoredNames} from '../../src/backend/key-settings.js';

const canonical = (url: string, ...ignored: string[]) => canonicalUrl(url, ignoredNames(ignored)?.pairs);

describe('canonicalUrl', () => {
	it.each([
		['scheme and host in upper case', 'HTTPS://EXAMPLE.com/a', 'https://example.com/a'],
		['the default port', 'https://example.com:443/a', 'https://example.com/a'],
		['another port', 'https://example.com:8443/a', 'https://example.com:8443/a'],
		['no path', 'https://example.com', 'https://example.com/'],
		['dot segments', 'https://example.com/a/../b/./c', 'https://example.com/b/c'],
		['an international name', 'https://bücher.example/', 'https://xn--bcher-kva.example/'],
		['a fragment', 'https://example.com/a#b?c', 'https://example.com/a'],
		['a fragment after a query', 'https://example.com/a?b=1#c&a=2', 'https://example.com/a?b=1'],
		['user info', 'https://user:p%40ss@example.com/a?b=1', 'https://example.com/a?b=1'],
		['a user alone', 'https://user@example.com/', 'https://example.com/'],
		['@ in path and query', 'https://example.com/@a?b=c@d', 'https://example.com/@a?b=c@d'],
		['user info and @ in the path', 'https://u:p@example.com/@a', 'https://example.com/@a'],
		['parameters out of order', 'https://example.com/?b=2&a=1&c=3', 'https://example.com/?a=1&b=2&c=3'],
		['parameters of one name', 'https://example.com/?b=2&a=2&b=1&a=1', 'https://example.com/?a=2&a=1&b=2&b=1'],
		['two spellings of one name', 'https://example.com/?b=0&%61=2&a=1', 'https://example.com/?%61=2&a=1&b=0'],
		['a space in a name in two spellings', 'https://example.com/?x%20y=2&x+y=1', 'https://example.com/?x%20y=2&x+y=1'],
		['bytes that are not UTF-8', 'https://example.com/?%e9=2&%E9=1&%=0', 'https://example.com/?%=0&%e9=2&%E9=1'],
		['? in a value', 'https://example.com/?b=?&a=/?', 'https://example.com/?a=/?&b=?'],
		['= in a value', 'https://example.com/?b=1=2&a==', 'https://example.com/?a==&b=1=2'],
		['a bare ?', 'https://example.com/a?', 'https://example.com/a?'],
		['empty pairs', 'https://example.com/?b=1&&a=1', 'https://example.com/?&a=1&b=1'],
	])('%s', (_, url, expected) => {
		expect(canonical(url)).toBe(expected);
		expect(canonical(expected)).toBe(expected);
	});

	it.each([
		['double slashes', '/d//e', '/d/e'],
		['a slash at the end', '/d/', '/d'],
		['case in the path', '/D', '/d'],
		['percent-encoding in the path', '/%7Ed', '/~d'],
		['an encoded slash', '/a%2Fb', '/a/b'],
		['percent-encoding in a value', '/?a=%7E', '/?a=~'],
		['case of percent-encoding', '/?a=%2f', '/?a=%2F'],
		['a parameter without a value', '/?a', '/?a='],
		['+ and %20', '/?a=1+2', '/?a=1%202'],
		['case of a name', '/?A=1', '/?a=1'],
		['the order of values of one name', '/?a=1&a=2', '/?a=2&a=1'],
		['the same parameter twice', '/?a=1&a=1', '/?a=1'],
		['a bare ?', '/d?', '/d'],
		['an ampersand at the end', '/?a=1&', '/?a=1'],
		['an encoded ampersand', '/?a=1%26b=2', '/?a=1&b=2'],
		['a semicolon', '/?a=1;b=2', '/?a=1&b=2'],
	])('%s makes a difference', (_, one, other) => {
		expect(canonical(`https://example.com${one}`)).not.toBe(canonical(`https://example.com${other}`));
	});

	it('tells schemes, hosts and ports apart', () => {
		const urls = ['http://a.example/', 'https://a.example/', 'https://b.example/', 'https://a.example:1/'];
		expect(new Set(urls.map(url => canonical(url))).size).toBe(urls.length);
	});

	describe('with ignored parameters', () => {
		it.each([
			['one of several', '?b=2&ts=1&a=1', '?a=1&b=2'],
			['all of its values', '?ts=1&a=1&ts=2', '?a=1'],
			['without a value', '?ts&a=1', '?a=1'],
			['percent-encoded', '?%74s=1&a=1', '?a=1'],
			['the only one', '?ts=1', ''],
			['nothing to ignore', '?a=1', '?a=1'],
			['a bare ?', '?', '?'],
			['a longer name', '?tsx=1&xts=2', '?tsx=1&xts=2'],
			['another case', '?TS=1', '?TS=1'],
			['its value elsewhere', '?a=ts', '?a=ts'],
		])('%s', (_, query, expected) => {
			expect(canonical(`https://example.com/${query}`, 'ts')).toBe(`https://example.com/${expected}`);
		});

		it('knows names with spaces, other letters and reserved characters in any spelling', () => {
			const ignored = ['a b', 'ключ', 'x[y]', 'p&q'];
			const query = 'a+b=1&a%20b=2&ключ=3&%D0%BA%D0%BB%D1%8E%D1%87=4&x[y]=5&x%5By%5D=6&p%26q=7&kept=8';
			expect(canonical(`https://example.com/?${query}`, ...ignored)).toBe('https://example.com/?kept=8');
		});
	});

	it('takes a URL object, and leaves it as it was', () => {
		const url = new URL('https://u:p@example.com/?b=1&a=2#c');
		expect(canonicalUrl(url, undefined)).toBe('https://example.com/?a=2&b=1');
		expect(url.href).toBe('https://u:p@example.com/?b=1&a=2#c');
	});

	it('throws a TypeError for what is not an absolute URL', () => {
		expect(() => canonical('/items')).toThrow('Invalid URL');
	});

	const pair = fc.tuple(fc.constantFrom('a', 'b', 'c', '%61', 'd+e', 'd%20e', ''), fc.nat(3));
	const toQuery = (pairs: ReadonlyArray<readonly [string, number]>) =>
		pairs.map(([name, value]) => `${name}=${value}`).join('&');

	it('does not depend on the order of different names', () => {
		const distinct = fc.uniqueArray(fc.tuple(fc.string({minLength: 1}), fc.string()), {selector: ([name]) => name});
		const shuffled = distinct.chain(pairs =>
			fc.tuple(fc.constant(pairs), fc.shuffledSubarray(pairs, {minLength: pairs.length})),
		);
		fc.assert(
			fc.property(shuffled, ([one, other]) => {
				const [a, b] = [one, other].map(pairs => `https://example.com/?${new URLSearchParams(pairs).toString()}`);
				expect(canonical(a!)).toBe(canonical(b!));
			}),
		);
	});

	it('says the same to the server: every name keeps its values in their order', () => {
		fc.assert(
			fc.property(fc.array(pair, {minLength: 1}), pairs => {
				const url = new URL(`https://example.com/?${toQuery(pairs)}`);
				const kept = new URL(canonical(url.href)).searchParams;
				expect(kept.size).toBe(url.searchParams.size);
				for (const name of url.searchParams.keys()) {
					expect(kept.getAll(name)).toEqual(url.searchParams.getAll(name));
				}
			}),
		);
	});

	it('does not change when it is applied twice', () => {
		fc.assert(
			fc.property(fc.webUrl({withQueryParameters: true, withFragments: true}), url => {
				expect(canonical(canonical(url))).toBe(canonical(url));
			}),
		);
	});
});
