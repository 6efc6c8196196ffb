import {InvalidOptionError} from '../errors.js';
import type {HttpRequest} from '../http/request.js';
import type {StoredResponse} from '../http/response.js';
import {type EffectiveSettings, NO_REQUEST_SETTINGS} from '../policy/effective-settings.js';
import {type Expiration, parseExpiration} from '../policy/expiration.js';
import {lifeOf} from '../policy/life.js';
import {resolveExpiration} from '../policy/resolve-expiration.js';
import {storableFields} from '../policy/storable-fields.js';
import {redactUrl} from './redaction.js';

/** A response to be saved by hand. A response of got is one. */
export interface SavedResponse {
	/** @default 200 */
	readonly statusCode?: number | undefined;
	/** @default '' */
	readonly statusMessage?: string | undefined;
	/** Wins over `headers`. */
	readonly rawHeaders?: readonly string[] | undefined;
	/** @default none */
	readonly headers?: Readonly<Record<string, string | readonly string[] | undefined>> | undefined;
	/** Wins over `body`. */
	readonly rawBody?: Uint8Array | undefined;
	/** Text, bytes, or anything else, which is kept as JSON. @default empty */
	readonly body?: unknown;
}

/** The record of a response that was saved by hand. @throws InvalidOptionError for a status that is none, and for `DO_NOT_CACHE` */
export function toStoredResponse(
	request: HttpRequest,
	response: SavedResponse,
	settings: EffectiveSettings,
	expireAfter: Expiration | undefined,
	now: number,
): {readonly stored: StoredResponse; readonly body: Uint8Array} {
	const {statusCode = 200, statusMessage = ''} = response;
	if (!Number.isInteger(statusCode) || statusCode < 200 || statusCode > 599) {
		throw new InvalidOptionError('statusCode', statusCode, 'an integer from 200 to 599');
	}
	const own = expireAfter === undefined ? undefined : parseExpiration('expireAfter', expireAfter);
	const requestSettings = {...NO_REQUEST_SETTINGS, expireAfter: own};
	const {expiration} = resolveExpiration(request.url, settings, requestSettings);
	if (expiration.kind === 'doNotCache') {
		throw new InvalidOptionError('expireAfter', expireAfter ?? 0, 'an expiration other than DO_NOT_CACHE');
	}
	const body = toBytes(response);
	const rawHeaders = toRawHeaders(response);
	// A response that got has decoded has lost the field in `headers` only.
	const decoded =
		response.headers !== undefined &&
		!('content-encoding' in response.headers) &&
		rawHeaders.some((name, index) => index % 2 === 0 && name.toLowerCase() === 'content-encoding');
	const exchange = {requestTime: now, responseTime: now};
	const life = lifeOf(request, {statusCode, rawHeaders}, exchange, settings, requestSettings);
	return {
		stored: {
			kind: 'response',
			method: request.method,
			url: redactUrl(request.url, settings.ignoredParams),
			statusCode,
			statusMessage,
			httpVersion: '1.1',
			rawHeaders: storableFields(rawHeaders, {decoded}),
			...exchange,
			createdAt: now,
			...life,
			bodySize: body.byteLength,
			decoded,
		},
		body,
	};
}

function toBytes({rawBody, body}: SavedResponse): Uint8Array {
	if (rawBody !== undefined) {
		return rawBody;
	}
	if (body === undefined || body instanceof Uint8Array) {
		return body ?? new Uint8Array();
	}
	return Buffer.from(typeof body === 'string' ? body : JSON.stringify(body));
}

function toRawHeaders({rawHeaders, headers}: SavedResponse): readonly string[] {
	if (rawHeaders !== undefined) {
		return rawHeaders;
	}
	const raw: string[] = [];
	for (const [name, value] of Object.entries(headers ?? {})) {
		for (const line of value === undefined ? [] : [value].flat()) {
			raw.push(name, String(line));
		}
	}
	return raw;
}
