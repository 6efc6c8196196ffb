import {describe, expect, it} from '@jest/globals';
import type {HttpRequest} from '../../src/http/request.js';
import {judgeHop} from '../../src/policy/judge-hop.js';
import type {Plan} from '../../src/policy/plan-request.js';
import type {CacheSettings, RequestSettings} from '../../src/policy/settings.js';
import {NOW, requestSettingsOf, sampleRequest, settingsOf} from './samples.js';

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
