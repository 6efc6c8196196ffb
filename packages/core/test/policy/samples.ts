import {formatHttpDate} from '../../src/http/http-date.js';
import type {HttpRequest} from '../../src/http/request.js';
import type {StoredResponse} from '../../src/http/response.js';
import {
	type EffectiveRequestSettings,
	type EffectiveSettings,
	resolveRequestSettings,
	resolveSettings,
} from '../../src/policy/effective-settings.js';
import type {ReceivedResponse} from '../../src/policy/judge-response.js';
import {lifeOf} from '../../src/policy/life.js';
import type {CacheSettings, RequestSettings} from '../../src/policy/settings.js';

/** The moment at which the requests of these tests are made. */
export const NOW = Date.UTC(2026, 10, 20, 12);
export const URL_OF_ALL = 'https://example.com/a';
export const ETAG = '"v1"';
export const LAST_MODIFIED = 'Fri, 20 Nov 2026 00:00:00 GMT';

export function sampleRequest(changes: Partial<HttpRequest> = {}): HttpRequest {
	return {method: 'GET', url: URL_OF_ALL, headers: {accept: '*/*'}, ...changes};
}

/** Received a minute ago, fresh for another minute, with an `ETag`. */
export function sampleStored(changes: Partial<StoredResponse> = {}): StoredResponse {
	return {
		kind: 'response',
		method: 'GET',
		url: URL_OF_ALL,
		statusCode: 200,
		statusMessage: 'OK',
		httpVersion: '1.1',
		rawHeaders: ['Content-Type', 'text/plain', 'ETag', ETAG],
		requestTime: NOW - 60_010,
		responseTime: NOW - 60_000,
		createdAt: NOW - 60_000,
		expires: NOW + 60_000,
		keepUntil: NOW + 60_000,
		bodySize: 5,
		decoded: false,
		...changes,
	};
}

export function sampleResponse(changes: Partial<ReceivedResponse> = {}): ReceivedResponse {
	return {
		url: URL_OF_ALL,
		statusCode: 200,
		statusMessage: 'OK',
		httpVersion: '1.1',
		rawHeaders: ['Content-Type', 'text/plain'],
		bodySize: 5,
		decoded: false,
		...changes,
	};
}

export function settingsOf(settings: CacheSettings = {}): EffectiveSettings {
	return resolveSettings(settings);
}

export function requestSettingsOf(settings: RequestSettings = {}): EffectiveRequestSettings {
	return resolveRequestSettings(settings);
}

/** Settings under which RFC 9111 decides. */
export function rfcSettingsOf(settings: CacheSettings = {}): EffectiveSettings {
	return resolveSettings({cacheControl: true, ...settings});
}

/** An HTTP date, in seconds from {@link NOW}. */
export function dateAt(seconds: number): string {
	return formatHttpDate(NOW + seconds * 1000);
}

/** Raw fields that begin with this `Cache-Control`. */
export function cacheControl(value: string, ...others: string[]): string[] {
	return ['Cache-Control', value, ...others];
}

/** A stored response as `cacheControl` would have stored it: received `age` seconds ago, with these fields. */
export function rfcStored(
	rawHeaders: readonly string[],
	{age = 60, settings = {}, ...changes}: Partial<StoredResponse> & {age?: number; settings?: CacheSettings} = {},
): StoredResponse {
	const responseTime = NOW - age * 1000;
	const base = sampleStored({
		rawHeaders,
		requestTime: responseTime,
		responseTime,
		createdAt: responseTime,
		...changes,
	});
	const life = lifeOf(sampleRequest(), base, base, rfcSettingsOf(settings), requestSettingsOf());
	return {...base, ...life};
}
