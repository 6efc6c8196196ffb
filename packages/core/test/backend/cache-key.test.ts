import {describe, expect, it} from '@jest/globals';
import fc from 'fast-check';
import {
	createKey,
	digestVaryValues,
	type KeySettings,
	resourceOf,
	resourceOfKey,
	variantKey,
} from '../../src/backend/cache-key.js';
import type {HttpRequest} from '../../src/http/request.js';
import {defaults, get, keyOfUrl, keyWith, keyWithHeaders} from './key-requests.js';

describe('createKey', () => {
	it('is a resource and a selector, safe as a file name and in a hash tag', () => {
		fc.assert(
			fc.property(fc.webUrl({withQueryParameters: true}), fc.string(), fc.string(), (url, cookie, identity) => {
				expect(keyWith({url, headers: {cookie}}, {secretKey: 'k'})).toMatch(/^1-[\da-f]{64}\.[\da-f]{64}$/);
				expect(createKey(get({url}), {...defaults, identity}, cookie)).toMatch(/^1-[\da-f]{64}\.[\da-f]{64}$/);
			}),
		);
	});

	it.each<[string, Partial<HttpRequest>]>([
		['the method', {method: 'HEAD'}],
		['a body', {body: {kind: 'bytes', bytes: 'a'}}],
		['an empty body', {body: {kind: 'bytes', bytes: ''}}],
		['decompress: false', {decompress: false}],
		['another Host', {headers: {host: 'other.example'}}],
		['another port in Host', {headers: {host: 'example.com:8080'}}],
		['a shorter Host', {headers: {host: 'example.co'}}],
		['an empty Host', {headers: {host: ''}}],
		['credentials', {headers: {authorization: 'x'}}],
	])('depends on %s', (_, difference) => {
		expect(keyWith(difference)).not.toBe(keyWith({}));
		expect(resourceOfKey(keyWith(difference))).toBe(resourceOfKey(keyWith({})));
	});

	it.each<[string, Partial<HttpRequest>]>([
		['decompress: true', {decompress: true}],
		['the Host of the URL', {headers: {host: 'Example.com'}}],
		['a fragment', {url: 'https://example.com/items#a'}],
		['headers that are not included', {headers: {accept: 'a', 'cache-control': 'no-cache'}}],
	])('does not depend on %s', (_, difference) => {
		expect(keyWith(difference)).toBe(keyWith({}));
	});

	it('takes a Host with a port for the URL’s own where it is', () => {
		const url = 'http://127.0.0.1:8080/';
		expect(keyWith({url, headers: {host: '127.0.0.1:8080'}})).toBe(keyWith({url}));
		expect(keyWith({url, headers: {host: '127.0.0.1'}})).not.toBe(keyWith({url}));
	});

	it.each([
		['https://example.com/d//e', 'https://example.com/d/e'],
		['https://example.com/?a=1&a=2', 'https://example.com/?a=2&a=1'],
		['https://example.com/?api_key=alice', 'https://example.com/?api_key=bob'],
	])('tells %s from %s', (one, other) => {
		expect(resourceOfKey(keyOfUrl(one))).not.toBe(resourceOfKey(keyOfUrl(other)));
	});

	it('leaves ignoredParams out everywhere', () => {
		const settings: Partial<KeySettings> = {ignoredParams: ['ts', 'meta.ts'], includeHeaders: true};
		const request = (ts: number): Partial<HttpRequest> => ({
			url: `https://example.com/?ts=${ts}&a=1`,
			headers: {ts: String(ts), cookie: `ts=${ts}`},
			body: {kind: 'json', text: JSON.stringify({ts, meta: {ts, b: 2}})},
		});
		expect(keyWith(request(1), settings)).toBe(keyWith(request(2), settings));
		expect(keyWith(request(1))).not.toBe(keyWith(request(2)));
	});

	it('does not ignore another Host: it is where the request goes', () => {
		const settings = {ignoredParams: ['host']};
		expect(keyWithHeaders({host: 'other.example'}, settings)).not.toBe(keyWithHeaders({}, settings));
	});

	it('is another one with a secret key, of the same resource', () => {
		const body = {kind: 'form', text: 'password=hunter2'} as const;
		const keys = [undefined, 'a', 'b'].map(secretKey => keyWith({body}, {secretKey}));
		expect(new Set(keys).size).toBe(3);
		expect(new Set(keys.map(resourceOfKey)).size).toBe(1);
	});

	it('throws for a stream', () => {
		expect(() => keyWith({body: {kind: 'stream'}})).toThrow('stream');
	});

	it('is the same for different requests never, whatever their parts hold', () => {
		const text = fc.string({unit: fc.constantFrom('a', '1', ':', '\n'), maxLength: 3});
		const request = fc.record({
			method: fc.constantFrom('GET', 'HEAD'),
			host: fc.option(text),
			accept: fc.option(text),
			other: fc.option(text),
			cookie: fc.option(fc.constantFrom('a', 'b=a', 'a=b')),
			body: fc.option(text),
			decompress: fc.boolean(),
		});
		type Sample = typeof request extends fc.Arbitrary<infer T> ? T : never;
		const keyOf = ({host, accept, other, cookie, body, method, decompress}: Sample) => {
			const headers = Object.entries({host, accept, other, cookie}).filter(
				(entry): entry is [string, string] => entry[1] !== null,
			);
			return keyWith(
				{
					method,
					decompress,
					headers: Object.fromEntries(headers),
					...(body !== null && {body: {kind: 'bytes', bytes: body}}),
				},
				{includeHeaders: ['accept', 'other']},
			);
		};
		fc.assert(
			fc.property(request, request, (one, other) => {
				expect(keyOf(one) === keyOf(other)).toBe(JSON.stringify(one) === JSON.stringify(other));
			}),
			{numRuns: 2000},
		);
	});
});

describe('createKey with the result of keyFn', () => {
	it('depends on that alone', () => {
		const key = createKey(get(), defaults, 'items');
		const other = get({method: 'POST', url: 'https://other.example/', body: {kind: 'stream'}, headers: {accept: 'a'}});
		expect(createKey(other, {...defaults, includeHeaders: true}, 'items')).toBe(key);
		expect(createKey(get(), defaults, 'Items')).not.toBe(key);
		expect(resourceOfKey(createKey(get(), defaults, 'Items'))).not.toBe(resourceOfKey(key));
	});

	it('still tells users apart, within one resource', () => {
		const users = ['alice', 'bob'].map(name => createKey(get({headers: {authorization: name}}), defaults, 'items'));
		expect(users[0]).not.toBe(users[1]);
		expect(resourceOfKey(users[0]!)).toBe(resourceOfKey(users[1]!));
	});

	it.each(['https://example.com/items', '', '#https://example.com/items', '1-a.b'])('never meets a URL: %j', custom => {
		const resources = [custom, `#${custom}`].map(each => resourceOfKey(createKey(get(), defaults, each)));
		expect(resources).not.toContain(resourceOf('https://example.com/items', defaults));
		expect(resources[0]).not.toBe(resources[1]);
	});

	it('tells half surrogate pairs apart', () => {
		expect(createKey(get(), defaults, '\ud800')).not.toBe(createKey(get(), defaults, '\ud801'));
	});
});

describe('resourceOf', () => {
	it('is the resource of every key of the URL', () => {
		const requests: Array<Partial<HttpRequest>> = [
			{},
			{method: 'POST', body: {kind: 'bytes', bytes: 'a'}},
			{headers: {authorization: 'alice', host: 'other.example'}},
			{url: 'https://bob:secret@example.com/items#top'},
		];
		const resources = requests.map(request => resourceOfKey(keyWith(request, {secretKey: 'k', includeHeaders: true})));
		expect(new Set(resources)).toEqual(new Set([resourceOf('HTTPS://EXAMPLE.com/items', defaults)]));
	});

	it('takes ignoredParams and the order of parameters into account', () => {
		const settings = {ignoredParams: ['ts']};
		const resource = resourceOf(new URL('https://example.com/?b=1&a=2&ts=3'), settings);
		expect(resource).toBe(resourceOfKey(keyOfUrl('https://example.com/?ts=4&a=2&b=1', settings)));
		expect(resource).not.toBe(resourceOf('https://example.com/?b=1&a=2&ts=3', defaults));
	});

	it('takes the result of keyFn', () => {
		expect(resourceOf('https://example.com/', defaults, 'items')).toBe(
			resourceOfKey(createKey(get(), defaults, 'items')),
		);
	});

	it('throws a TypeError for what is not an absolute URL', () => {
		expect(() => resourceOf('items', defaults)).toThrow('Invalid URL');
	});
});

describe('resourceOfKey', () => {
	it('is what stands before the dot', () => {
		expect(resourceOfKey('1-ab.cd')).toBe('1-ab');
		expect(resourceOfKey('something else')).toBe('something else');
	});
});

describe('variantKey', () => {
	const index = keyWith({});

	it('is of the resource of its index', () => {
		expect(variantKey(index, 'g', ['a'])).toMatch(/^1-[\da-f]{64}\.[\da-f]{64}$/);
		expect(resourceOfKey(variantKey(index, 'g', ['a']))).toBe(resourceOfKey(index));
	});

	it('depends on the index, its generation and each digest in its place', () => {
		const keys = [
			index,
			variantKey(index, 'g', ['a', 'b']),
			variantKey(index, 'g', ['b', 'a']),
			variantKey(index, 'g', ['ab']),
			variantKey(index, 'g', []),
			variantKey(index, 'h', ['a', 'b']),
			variantKey(keyWith({method: 'HEAD'}), 'g', ['a', 'b']),
		];
		expect(new Set(keys).size).toBe(keys.length);
		expect(variantKey(index, 'g', ['a', 'b'])).toBe(keys[1]);
	});
});

describe('digestVaryValues', () => {
	it('gives each value a digest that does not show it', () => {
		const digests = digestVaryValues(['=sid=hunter2', '-', '='], undefined);
		expect(new Set(digests).size).toBe(3);
		expect(digests.every(digest => /^[\da-f]{64}$/.test(digest))).toBe(true);
		expect(digestVaryValues(['-'], undefined)).toEqual([digests[1]]);
	});

	it('depends on the secret key', () => {
		expect(digestVaryValues(['=a'], 'k')).not.toEqual(digestVaryValues(['=a'], undefined));
	});
});
