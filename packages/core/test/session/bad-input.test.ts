import {describe, expect, it} from '@jest/globals';
import {startOrigin} from '../../../../test-support/origin-server.js';
import {
	CacheBackend,
	CachedSession,
	type CachedSessionOptions,
	InvalidOptionError,
	MemoryCache,
	type RequestOptions,
} from '../../src/index.js';

/** A wrong value for each setting, with what the message says of it and of what is accepted. */
const wrongSettings: Array<[option: string, value: unknown, given: string, accepted: RegExp]> = [
	['expireAfter', 'soon', '"soon"', /seconds.*'3h'.*Date.*NEVER_EXPIRE/],
	['expireAfter', '3', '"3"', /unit/],
	['expireAfter', -2, '-2', /above 0/],
	['expireAfter', Number.NaN, 'NaN', /seconds/],
	['expireAfter', null, 'null', /seconds/],
	['expireAfter', true, 'true', /seconds/],
	['expireAfter', [1], 'an array', /seconds/],
	['expireAfter', {hour: 1}, 'an object', /hours/],
	['expireAfter', {hours: -1}, 'an object', /more than 0/],
	['expireAfter', new Date(Number.NaN), 'an object (Date)', /valid Date/],
	['urlsExpireAfter', {'example.com': 'soon'}, '"soon"', /example\.com.*seconds/],
	['urlsExpireAfter', {'': 1}, '""', /glob that is not empty/],
	['urlsExpireAfter', [[/a/]], 'an array', /pairs/],
	['urlsExpireAfter', [['a', 1, 2]], 'an array', /pairs/],
	['urlsExpireAfter', new Map([['a', 1]]), 'an object (Map)', /object of globs/],
	['urlsExpireAfter', 'example.com', '"example.com"', /object of globs/],
	['allowedCodes', [], 'an array', /integers/],
	['allowedCodes', 200, '200', /array of integers/],
	['allowedCodes', ['200'], '"200"', /integers from 100 to 599/],
	['allowedCodes', [600], '600', /integers from 100 to 599/],
	['allowedMethods', [], 'an array', /at least one/],
	['allowedMethods', 'GET', '"GET"', /array of method names/],
	['allowedMethods', ['GET POST'], '"GET POST"', /method names/],
	['includeHeaders', 'accept', '"accept"', /array of header names/],
	['includeHeaders', ['a b'], '"a b"', /header names/],
	['ignoredParams', 'ts', '"ts"', /array of names/],
	['ignoredParams', [''], '""', /none of them empty/],
	['filterFn', true, 'true', /a function/],
	['keyFn', 'key', '"key"', /a function/],
	['identity', true, 'true', /string.*false.*function/],
	['identity', '', '""', /not empty/],
	['secretKey', '', 'an empty string', /string or Uint8Array/],
	['secretKey', 7, 'number', /string or Uint8Array/],
	['staleIfError', -1, '-1', /true, false/],
	['staleIfError', 'long', '"long"', /true, false/],
	['staleWhileRevalidate', new Date(), 'an object (Date)', /true, false/],
	['alwaysRevalidate', 1, '1', /true or false/],
	['onlyIfCached', 'yes', '"yes"', /true or false/],
	['readOnly', null, 'null', /true or false/],
	['maxBodySize', -1, '-1', /0 or above/],
	['maxBodySize', '100', '"100"', /number of bytes/],
	['maxBodySize', Number.NaN, 'NaN', /number of bytes/],
	['autoclose', 'no', '"no"', /boolean|true or false/],
	['onCacheError', 'ignore', '"ignore"', /'continue' or 'throw'/],
];

function errorOf(act: () => unknown): unknown {
	try {
		act();
	} catch (error) {
		return error;
	}
	throw new Error('Nothing was thrown');
}

function expectInvalid(error: unknown, option: string, given: string, accepted: RegExp): void {
	expect(error).toBeInstanceOf(InvalidOptionError);
	expect(error).toMatchObject({code: 'ERR_INVALID_OPTION', name: 'InvalidOptionError', option});
	const {message} = error as Error;
	expect(message).toContain(`'${option}'`);
	expect(message).toContain(given);
	expect(message).toMatch(accepted);
}

describe.each(wrongSettings)('%s: %p', (option, value, given, accepted) => {
	it('is refused by a session, by a backend, and by extend()', () => {
		const options = {[option]: value} as CachedSessionOptions;
		expectInvalid(
			errorOf(() => new CachedSession(options)),
			option,
			given,
			accepted,
		);
		expectInvalid(
			errorOf(() => new CacheBackend('name', options as object)),
			option,
			given,
			accepted,
		);
		const session = new CachedSession();
		expectInvalid(
			errorOf(() => session.extend(options)),
			option,
			given,
			accepted,
		);
	});
});

describe('a session', () => {
	it.each([
		['expireafter', 3],
		['expire_after', 3],
		['backend', new CacheBackend()],
		['url', 'http://127.0.0.1'],
		['isStream', true],
	])('has no option %s', (option, value) => {
		const error = errorOf(() => new CachedSession({[option]: value} as CachedSessionOptions));
		expect(error).toMatchObject({code: 'ERR_INVALID_OPTION', option});
	});

	it.each([
		['a Map', new Map(), 'an object (Map)'],
		['a store', new MemoryCache(), 'an object (MemoryCache)'],
		['a URL', 'redis://user:password@127.0.0.1', 'got a value of the type string'],
		['true', true, 'true'],
		['false', false, 'false'],
		['null', null, 'null'],
		['a class', CacheBackend, 'a function (CacheBackend)'],
	])('takes no %s for a cache', (_what, cache, given) => {
		const error = errorOf(() => new CachedSession({cache: cache as unknown as CacheBackend}));
		expectInvalid(error, 'cache', given, /CacheBackend/);
	});

	it.each([
		['an object', {}, 'an object'],
		['a function', () => undefined, 'a function'],
		['null', null, 'null'],
		['text', 'got', '"got"'],
	])('takes no %s for got', (_what, got, given) => {
		const error = errorOf(() => new CachedSession({got: got as unknown as NonNullable<CachedSessionOptions['got']>}));
		expectInvalid(error, 'got', given, /got instance/);
	});

	it('leaves wrong options of got to got', () => {
		expect(() => new CachedSession({timeout: 'long' as unknown as object})).toThrow(/timeout/);
		expect(() => new CachedSession({responseType: 'xml' as unknown as 'json'})).toThrow(/responseType/);
	});

	it.each([null, 'text'])('takes no %p for options', options => {
		expect(() => new CachedSession(options as unknown as CachedSessionOptions)).toThrow();
	});
});

describe('a backend', () => {
	it.each([
		['name', '', /not empty/],
		['name', 7, /string/],
		['name', {expireAfter: 3}, /string/],
	])('takes no such %s: %p', (option, name, accepted) => {
		const error = errorOf(() => new CacheBackend(name as string));
		expect(error).toMatchObject({code: 'ERR_INVALID_OPTION', option, message: expect.stringMatching(accepted)});
	});

	it.each(['responses', 'redirects'])('takes only a BaseCache for %s', option => {
		for (const [store, given] of [
			[new Map(), 'an object (Map)'],
			[{}, 'an object'],
			[null, 'null'],
		] as const) {
			expectInvalid(
				errorOf(() => new CacheBackend('name', {[option]: store})),
				option,
				given,
				/BaseCache/,
			);
		}
	});

	it('has no other options', () => {
		const error = errorOf(() => new CacheBackend('name', {expireafter: 3} as object));
		expect(error).toMatchObject({code: 'ERR_INVALID_OPTION', option: 'expireafter'});
	});

	it.each([
		['maxBytes', -1],
		['maxEntries', '10'],
		['maxSize', 10],
	])('in memory takes no such %s: %p', (option, value) => {
		const error = errorOf(() => new MemoryCache({[option]: value}));
		expect(error).toMatchObject({code: 'ERR_INVALID_OPTION', option});
	});
});

describe('a request', () => {
	it.each([
		['expireAfter', 'soon'],
		['expireAfter', null],
		['refresh', 'yes'],
		['forceRefresh', 1],
		['onlyIfCached', 'yes'],
		['cache', true],
		['cache', new Map()],
	])('rejects with a wrong %s: %p', async (option, value) => {
		await using origin = await startOrigin();
		await using session = new CachedSession();
		const wrong = {[option]: value} as RequestOptions;
		await expect(session.get(origin.url, wrong)).rejects.toMatchObject({code: 'ERR_INVALID_OPTION', option});
		await expect(session.post(origin.url, wrong).json()).rejects.toMatchObject({option});
		expect(origin.requests).toHaveLength(0);
		expect((await session.get(origin.url)).body).toBe('response 1');
	});

	it.each([
		['a setting of the session', {filterFn: () => true}],
		['a name that nobody knows', {expireafter: 3}],
	])('rejects with %s', async (_what, options) => {
		await using origin = await startOrigin();
		await using session = new CachedSession();
		await expect(session.get(origin.url, options as RequestOptions)).rejects.toThrow(Object.keys(options)[0]!);
		expect(origin.requests).toHaveLength(0);
	});

	it.each(['', '/relative', 'ftp://127.0.0.1/', 'http://'])('rejects for the URL %p', async url => {
		await using session = new CachedSession();
		await expect(session.get(url)).rejects.toThrow();
	});
});

describe('a message', () => {
	const secret = 'hunter2-hunter2';

	it.each([
		['a secretKey of the wrong type', {secretKey: {key: secret}}],
		['a misspelt secretKey', {secretkey: secret}],
		['a misspelt password', {passwd: secret}],
		['headers', {header: {authorization: secret}}],
		['a pattern with user info', {urlsExpireAfter: {[`https://user:${secret}@example.com`]: 'soon'}}],
		['a pattern that is nothing but user info', {urlsExpireAfter: {[`https://user:${secret}@`]: 1}}],
		['a pair that is not one', {urlsExpireAfter: [[`https://user:${secret}@example.com`]]}],
		['an identity of the wrong type', {identity: [secret]}],
	])('never has a secret in it: %s', (_what, options) => {
		for (const act of [
			() => new CachedSession(options as CachedSessionOptions),
			() => new CacheBackend('name', options as object),
		]) {
			const error = errorOf(act);
			expect(error).toMatchObject({code: 'ERR_INVALID_OPTION'});
			expect(String((error as Error).message)).not.toContain(secret);
		}
	});
});
