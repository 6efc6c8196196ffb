import {describe, expect, it} from '@jest/globals';
import {resolveRequestSettings, resolveSettings} from '../../src/policy/effective-settings.js';
import type {Expiration} from '../../src/policy/expiration.js';
import {isVetoed, resolveExpiration} from '../../src/policy/resolve-expiration.js';

const URL_MATCHED = 'https://example.com/a';
const none = undefined;
const never = {kind: 'never'};
const immediately = {kind: 'immediately'};
const veto = {kind: 'doNotCache'};
const seconds = (count: number) => ({kind: 'duration', milliseconds: count * 1000});

/** In a row: what each level says, and what comes of it. The pattern matches; another, which does not, says something else. */
describe('the precedence of expirations', () => {
	it.each<
		[
			request: Expiration | undefined,
			pattern: Expiration | undefined,
			session: Expiration | undefined,
			backend: Expiration | undefined,
			expiration: object,
			source: string,
		]
	>([
		[none, none, none, none, never, 'default'],
		[none, none, none, 4, seconds(4), 'settings'],
		[none, none, 3, none, seconds(3), 'settings'],
		[none, none, 3, 4, seconds(3), 'settings'],
		[none, 2, none, none, seconds(2), 'urlPattern'],
		[none, 2, none, 4, seconds(2), 'urlPattern'],
		[none, 2, 3, 4, seconds(2), 'urlPattern'],
		[1, none, none, none, seconds(1), 'request'],
		[1, none, 3, 4, seconds(1), 'request'],
		[1, 2, none, none, seconds(1), 'request'],
		[1, 2, 3, 4, seconds(1), 'request'],
		[-1, 2, 3, 4, never, 'request'],
		[none, -1, 3, 4, never, 'urlPattern'],
		['immediately', 2, 3, 4, immediately, 'request'],
		[none, 'immediately', 3, 4, immediately, 'urlPattern'],
		[none, none, 'immediately', 4, immediately, 'settings'],
		[0, none, none, none, veto, 'request'],
		[0, 2, 3, 4, veto, 'request'],
		[none, 0, none, none, veto, 'urlPattern'],
		[1, 0, 3, 4, veto, 'urlPattern'],
		[none, none, 0, none, veto, 'settings'],
		[1, 2, 0, 4, veto, 'settings'],
		[-1, none, 0, none, veto, 'settings'],
		[none, none, none, 0, veto, 'settings'],
		[1, 2, none, 0, veto, 'settings'],
		// What the session has replaced is no level any more.
		[none, none, 3, 0, seconds(3), 'settings'],
		[1, none, 3, 0, seconds(1), 'request'],
	])('request %p, pattern %p, session %p, backend %p', (request, pattern, session, backend, expiration, source) => {
		const settings = resolveSettings(
			{expireAfter: backend},
			{
				expireAfter: session,
				urlsExpireAfter: [['other.test', 99], ...(pattern === undefined ? [] : [['example.com', pattern] as const])],
			},
		);
		const requestSettings = resolveRequestSettings({expireAfter: request});
		expect(resolveExpiration(URL_MATCHED, settings, requestSettings)).toEqual({expiration, source});
		expect(isVetoed(URL_MATCHED, settings, requestSettings)).toBe(expiration === veto);
	});

	it('takes only the first pattern that matches for a level', () => {
		const settings = resolveSettings({
			urlsExpireAfter: [
				['example.com/a', 60],
				['*', 0],
			],
		});
		const requestSettings = resolveRequestSettings({});
		expect(resolveExpiration(URL_MATCHED, settings, requestSettings)).toEqual({
			expiration: seconds(60),
			source: 'urlPattern',
		});
		expect(isVetoed(URL_MATCHED, settings, requestSettings)).toBe(false);
		expect(resolveExpiration('https://example.com/b', settings, requestSettings).expiration).toEqual(veto);
		expect(isVetoed('https://example.com/b', settings, requestSettings)).toBe(true);
	});

	it('drops the patterns of a backend that a session replaces', () => {
		const settings = resolveSettings({urlsExpireAfter: {'*': 0}}, {urlsExpireAfter: {'other.test': 1}});
		expect(resolveExpiration(URL_MATCHED, settings, resolveRequestSettings({})).source).toBe('default');
	});
});
