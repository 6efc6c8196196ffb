import {describe, expect, it} from '@jest/globals';
import type {HttpRequest} from '../../src/http/request.js';
import {judgeHop, mayFollow} from '../../src/policy/judge-hop.js';
import type {Plan} from '../../src/policy/plan-request.js';
import type {CacheSettings, RequestSettings} from '../../src/policy/settings.js';
import {dateAt, NOW, requestSettingsOf, rfcStored, sampleRequest, settingsOf} from './samples.js';

interface Case {
	readonly statusCode?: number;
	readonly rawHeaders?: string[];
	readonly plan?: Plan;
	readonly settings?: CacheSettings;
	readonly requestSettings?: RequestSettings;
	readonly request?: Partial<HttpRequest>;
}

function judge({
	statusCode = 302,
	rawHeaders = ['Location', '/b'],
	settings,
	requestSettings,
	request,
	...given
}: Case) {
	const plan = given.plan ?? {kind: 'fetch', standby: false, reason: 'nothingStored'};
	return judgeHop(
		sampleRequest(request),
		{statusCode, rawHeaders},
		NOW,
		plan,
		settingsOf(settings),
		requestSettingsOf(requestSettings),
	);
}

describe('judgeHop', () => {
	it.each([301, 302, 303, 307, 308])('stores a %i, for as long as a response', statusCode => {
		expect(judge({statusCode, settings: {expireAfter: 60, staleIfError: 5}})).toEqual({
			kind: 'store',
			rawHeaders: ['Location', '/b'],
			expires: NOW + 60_000,
			keepUntil: NOW + 65_000,
			vary: undefined,
			reason: 'allowed',
		});
	});

	it('keeps no fields of the connection, nor of the body', () => {
		const rawHeaders = ['Location', '/b', 'Connection', 'close', 'Content-Length', '7', 'Set-Cookie', 'a=1'];
		expect(judge({rawHeaders})).toMatchObject({rawHeaders: ['Location', '/b', 'Set-Cookie', 'a=1']});
	});

	it('says by which fields it varies', () => {
		expect(judge({rawHeaders: ['Vary', 'Accept-Language']})).toMatchObject({kind: 'store', vary: ['accept-language']});
	});

	it('goes by the URL pattern of its own request', () => {
		const settings = {urlsExpireAfter: {'example.com/a': 5}};
		expect(judge({settings})).toMatchObject({expires: NOW + 5000});
		expect(judge({settings, request: {url: 'https://example.com/b'}})).toMatchObject({expires: undefined});
	});

	it.each<[reason: string, string, Case]>([
		['bypassed', 'a bypass', {plan: {kind: 'bypass', reason: 'ownConditions'}}],
		['readOnly', 'readOnly', {settings: {readOnly: true}}],
		['methodNotAllowed', 'a POST', {request: {method: 'POST'}}],
		['doNotCache', 'a veto', {settings: {urlsExpireAfter: {'example.com/a': 0}}}],
		['statusNotAllowed', 'a 300', {statusCode: 300}],
		['statusNotAllowed', 'a 304', {statusCode: 304}],
		['statusNotAllowed', 'a 200, even though that may be stored', {statusCode: 200}],
		['varyStar', 'Vary: *', {rawHeaders: ['Vary', '*']}],
	])('skips, %s: %s', (reason, _, given) => {
		expect(judge(given)).toEqual({kind: 'skip', reason});
	});
});

describe('judgeHop with cacheControl', () => {
	const rfc = (statusCode: number, cacheControl: string | undefined, given: Case = {}) =>
		judge({
			statusCode,
			rawHeaders: ['Location', '/b', ...(cacheControl === undefined ? [] : ['Cache-Control', cacheControl])],
			...given,
			settings: {cacheControl: true, ...given.settings},
		});

	it.each([301, 302, 303, 307, 308])('stores a %i that says for how long', statusCode => {
		expect(rfc(statusCode, 'max-age=60', {settings: {expireAfter: 5}})).toMatchObject({
			kind: 'store',
			expires: NOW + 60_000,
		});
	});

	it.each<[reason: string, string, ReturnType<typeof rfc>]>([
		['temporaryRedirect', 'a 302 that does not say for how long', rfc(302, undefined)],
		['temporaryRedirect', 'a 303', rfc(303, undefined)],
		['temporaryRedirect', 'a 307, whatever the settings say', rfc(307, undefined, {settings: {expireAfter: 5}})],
		['neverReusable', 'a 301 that nothing keeps fresh', rfc(301, undefined)],
		['neverReusable', 'a 301 that is stale at once', rfc(301, 'max-age=0')],
		['noStore', 'no-store', rfc(301, 'no-store')],
		['private', 'private, shared', rfc(301, 'private, max-age=5', {settings: {shared: true}})],
		['postNotReusable', 'the answer to a POST', rfc(301, 'max-age=5', {request: {method: 'POST'}})],
		['methodNotAllowed', 'the answer to a PUT', rfc(301, 'max-age=5', {request: {method: 'PUT'}})],
	])('%s: does not store %s', (reason, _, verdict) => {
		expect(verdict).toEqual({kind: 'skip', reason});
	});

	it.each([301, 308])('keeps a %i for as long as the settings or a guess say', statusCode => {
		expect(rfc(statusCode, undefined, {settings: {expireAfter: 5}})).toMatchObject({expires: NOW + 5000});
		expect(
			judge({statusCode, rawHeaders: ['Last-Modified', dateAt(-1000)], settings: {cacheControl: true}}),
		).toMatchObject({kind: 'store', expires: NOW + 100_000});
	});
});

describe('mayFollow', () => {
	const follow = (
		cacheControl: string,
		request: string | undefined,
		settings: CacheSettings = {cacheControl: true},
	) => {
		const {kind: _kind, ...facts} = rfcStored(['Location', '/b', 'Cache-Control', cacheControl], {
			statusCode: 302,
			age: 10,
		});
		const hop = {...facts, kind: 'hop', nextUrl: 'https://example.com/b', nextMethod: 'GET'} as const;
		const headers = request === undefined ? {} : {'cache-control': request};
		return mayFollow(sampleRequest({headers}), hop, settingsOf(settings), requestSettingsOf(), NOW);
	};

	it.each([
		['max-age=11', undefined, true],
		['max-age=10', undefined, false],
		['max-age=11, no-cache', undefined, false],
		['max-age=11', 'no-cache', false],
		['max-age=11', 'max-age=5', false],
		['max-age=5', 'max-stale', false],
	])('a redirect with %s, asked for with %s: %p', (cacheControl, request, may) => {
		expect(follow(cacheControl, request)).toBe(may);
	});

	it('goes by the time alone without cacheControl', () => {
		expect(follow('max-age=11', 'no-cache', {})).toBe(true);
		expect(follow('max-age=10', undefined, {})).toBe(false);
	});
});
