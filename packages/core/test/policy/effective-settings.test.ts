import {describe, expect, it} from '@jest/globals';
import {InvalidOptionError} from '../../src/errors.js';
import {
	DEFAULT_SETTINGS,
	NO_REQUEST_SETTINGS,
	REQUEST_SETTING_NAMES,
	resolveRequestSettings,
	resolveSettings,
	SETTING_NAMES,
} from '../../src/policy/effective-settings.js';
import type {CacheSettings, RequestSettings} from '../../src/policy/settings.js';

/** As a caller without types would. */
const untyped = (settings: object) => settings as CacheSettings & RequestSettings;

describe('resolveSettings', () => {
	it('gives the defaults where nothing is set', () => {
		expect(resolveSettings()).toEqual({
			expireAfter: undefined,
			urlsExpireAfter: [],
			allowedCodes: new Set([200]),
			allowedMethods: new Set(['GET', 'HEAD']),
			includeHeaders: false,
			ignoredParams: [],
			filterFn: undefined,
			keyFn: undefined,
			identity: undefined,
			secretKey: undefined,
			staleIfError: 0,
			staleWhileRevalidate: 0,
			cacheControl: false,
			shared: false,
			alwaysRevalidate: false,
			onlyIfCached: false,
			readOnly: false,
			replayCookies: 'ifAbsent',
			maxBodySize: 104_857_600,
		});
		expect(resolveSettings({}, {expireAfter: undefined})).toBe(DEFAULT_SETTINGS);
	});

	const filterFn = () => true;
	const keyFn = () => 'key';
	const identity = () => 'me';
	const secretKey = new Uint8Array([1]);
	it.each<[setting: keyof CacheSettings, given: unknown, effective: unknown]>([
		['expireAfter', '3h', {kind: 'duration', milliseconds: 10_800_000}],
		['expireAfter', 0, {kind: 'doNotCache'}],
		['allowedCodes', [200, 404, 200], new Set([200, 404])],
		['allowedCodes', [100, 599], new Set([100, 599])],
		['allowedMethods', ['get', 'POST', 'Get'], new Set(['GET', 'POST'])],
		['includeHeaders', true, true],
		['includeHeaders', ['X-B', 'accept', 'x-b'], ['accept', 'x-b']],
		['includeHeaders', [], []],
		['ignoredParams', ['meta.ts', 'Token'], ['meta.ts', 'Token']],
		['filterFn', filterFn, filterFn],
		['keyFn', keyFn, keyFn],
		['identity', identity, identity],
		['identity', 'me', 'me'],
		['identity', false, false],
		['secretKey', 'secret', 'secret'],
		['secretKey', secretKey, secretKey],
		['staleIfError', true, Number.POSITIVE_INFINITY],
		['staleIfError', false, 0],
		['staleIfError', 0, 0],
		['staleIfError', 60, 60_000],
		['staleIfError', {minutes: 1}, 60_000],
		['staleIfError', Number.POSITIVE_INFINITY, Number.POSITIVE_INFINITY],
		['staleWhileRevalidate', '1m', 60_000],
		['alwaysRevalidate', true, true],
		['cacheControl', true, true],
		['shared', true, true],
		['onlyIfCached', true, true],
		['readOnly', true, true],
		['replayCookies', 'never', 'never'],
		['replayCookies', 'always', 'always'],
		['maxBodySize', 0, 0],
		['maxBodySize', Number.POSITIVE_INFINITY, Number.POSITIVE_INFINITY],
	])('takes %s: %p', (setting, given, effective) => {
		const settings = resolveSettings(untyped({[setting]: given}));
		expect(settings).toEqual({...DEFAULT_SETTINGS, [setting]: effective});
	});

	it('compiles urlsExpireAfter', () => {
		const {urlsExpireAfter} = resolveSettings({
			urlsExpireAfter: [
				[/a/, 1],
				['example.com', 2],
			],
		});
		expect(urlsExpireAfter.map(pattern => pattern.kind)).toEqual(['regExp', 'glob']);
	});

	it.each<[setting: keyof CacheSettings, given: unknown]>([
		['expireAfter', '100'],
		['expireAfter', null],
		['urlsExpireAfter', '*'],
		['allowedCodes', 200],
		['allowedCodes', []],
		['allowedCodes', ['200']],
		['allowedCodes', [99]],
		['allowedCodes', [600]],
		['allowedCodes', [200.5]],
		['allowedCodes', [Number.NaN]],
		['allowedCodes', new Set([200])],
		['allowedMethods', 'GET'],
		['allowedMethods', []],
		['allowedMethods', ['']],
		['allowedMethods', ['GET POST']],
		['allowedMethods', [null]],
		['includeHeaders', 'accept'],
		['includeHeaders', ['']],
		['includeHeaders', ['a b']],
		['includeHeaders', [1]],
		['ignoredParams', 'token'],
		['ignoredParams', ['']],
		['ignoredParams', [1]],
		['filterFn', true],
		['keyFn', 'key'],
		['identity', ''],
		['identity', true],
		['identity', null],
		['identity', {}],
		['secretKey', ''],
		['secretKey', new Uint8Array()],
		['secretKey', 5],
		['secretKey', null],
		['staleIfError', 'true'],
		['staleIfError', -1],
		['staleIfError', '0s'],
		['staleIfError', new Date()],
		['staleIfError', 'immediately'],
		['staleWhileRevalidate', Number.NaN],
		['staleWhileRevalidate', null],
		['alwaysRevalidate', 1],
		['cacheControl', 'yes'],
		['shared', 1],
		['onlyIfCached', 'yes'],
		['readOnly', null],
		['replayCookies', true],
		['replayCookies', 'ifabsent'],
		['maxBodySize', -1],
		['maxBodySize', Number.NaN],
		['maxBodySize', '1 MB'],
	])('rejects %s: %p, and names it', (setting, given) => {
		const resolve = () => resolveSettings(untyped({[setting]: given}));
		expect(resolve).toThrow(InvalidOptionError);
		expect(resolve).toThrow(expect.objectContaining({option: setting, code: 'ERR_INVALID_OPTION'}));
		expect(resolve).toThrow(/got .+; accepted: .+/);
	});

	it('never says what the secret is', () => {
		for (const secretKey of [123_456, ['123456'], {'123456': true}, Symbol('123456'), 123_456n]) {
			let message = '';
			try {
				resolveSettings(untyped({secretKey}));
			} catch (error) {
				message = String(error);
			}
			expect(message).toContain('secretKey');
			expect(message).not.toContain('123456');
		}
	});

	it('lets a later layer win, and not by what it leaves undefined', () => {
		const settings = resolveSettings(
			{expireAfter: 0, readOnly: true, urlsExpireAfter: {'a.test': 1, 'b.test': 2}},
			{expireAfter: 60, readOnly: undefined, urlsExpireAfter: {'c.test': 3}},
		);
		expect(settings.expireAfter).toEqual({kind: 'duration', milliseconds: 60_000});
		expect(settings.readOnly).toBe(true);
		expect(settings.urlsExpireAfter).toHaveLength(1);
	});

	it('rejects a wrong value even where a later layer replaces it', () => {
		expect(() => resolveSettings(untyped({maxBodySize: -1}), {maxBodySize: 1})).toThrow(InvalidOptionError);
	});

	it('leaves members of other names alone', () => {
		expect(resolveSettings(untyped({prefixUrl: 'https://example.com', toString: 5}))).toBe(DEFAULT_SETTINGS);
	});

	it('cannot be changed through what was given, or what came out', () => {
		const allowedCodes = [200];
		const settings = resolveSettings({allowedCodes});
		allowedCodes.push(500);
		expect(settings.allowedCodes.has(500)).toBe(false);
		expect(Object.isFrozen(settings)).toBe(true);
		expect(Object.isFrozen(DEFAULT_SETTINGS)).toBe(true);
	});
});

describe('resolveRequestSettings', () => {
	it('gives one and the same object where nothing is set', () => {
		expect(resolveRequestSettings({})).toBe(NO_REQUEST_SETTINGS);
		expect(resolveRequestSettings({refresh: undefined, cache: undefined})).toBe(NO_REQUEST_SETTINGS);
	});

	it('takes all of them', () => {
		expect(
			resolveRequestSettings({expireAfter: 60, refresh: true, forceRefresh: true, onlyIfCached: false, cache: false}),
		).toEqual({
			expireAfter: {kind: 'duration', milliseconds: 60_000},
			refresh: true,
			forceRefresh: true,
			onlyIfCached: false,
			cache: false,
		});
	});

	it.each<[setting: keyof RequestSettings, given: unknown]>([
		['expireAfter', '3'],
		['refresh', 1],
		['forceRefresh', 'true'],
		['onlyIfCached', null],
		['cache', true],
		['cache', new Map()],
	])('rejects %s: %p, and names it', (setting, given) => {
		const resolve = () => resolveRequestSettings(untyped({[setting]: given}));
		expect(resolve).toThrow(expect.objectContaining({option: setting, code: 'ERR_INVALID_OPTION'}));
	});
});

it('lists the names', () => {
	expect([...SETTING_NAMES].sort()).toEqual(Object.keys(DEFAULT_SETTINGS).sort());
	expect([...REQUEST_SETTING_NAMES].sort()).toEqual([
		'cache',
		'expireAfter',
		'forceRefresh',
		'onlyIfCached',
		'refresh',
	]);
});
