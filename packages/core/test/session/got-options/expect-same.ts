import {expect} from '@jest/globals';
import type {Got, RequestError, Response} from 'got';
import {GOT_MAJOR} from '../../../../../test-support/got-version.js';
import type {Origin, RecordedRequest} from '../../../../../test-support/origin-server.js';
import type {CachedSession, CachedSessionOptions, RequestOptions} from '../../../src/index.js';
import {askThreeWays, comparable, comparableError, type Outcome} from '../ask-three-ways.js';

/** A call that got itself can answer as well. */
export type Call = (client: CachedSession) => PromiseLike<unknown>;

/**
 * That a miss sends what got sends, that a hit sends nothing, and that all three give the same response or the same error.
 * @returns the response of the hit
 */
export async function expectSame(origin: Origin, call: Call, options?: CachedSessionOptions): Promise<Response> {
	origin.requests.length = 0;
	const {plain, miss, hit} = await askThreeWays(call, options);
	expect(seen(miss)).toEqual(seen(plain));
	expect(seen(hit)).toEqual(seen(plain));
	expect(miss.value).toMatchObject({isFromCache: false});
	expect(hit.value).toMatchObject({isFromCache: true});
	const sent = origin.requests.map(comparableRequest);
	expect(sent).toHaveLength(2);
	expect(sent[1]).toEqual(sent[0]);
	return hit.value as Response;
}

/** That a session fails as got does, without anything stored and afterwards. @returns the error of the second call */
export async function expectSameError(call: Call, options?: CachedSessionOptions): Promise<RequestError> {
	const {plain, miss, hit} = await askThreeWays(call, options);
	expect(plain.error).toBeDefined();
	expect(comparableError(miss.error)).toEqual(comparableError(plain.error));
	expect(comparableError(hit.error)).toEqual(comparableError(plain.error));
	return hit.error!;
}

/** `got(url, options)` and `session.request(url, options)`. */
export function ask(client: CachedSession, url: string, options: RequestOptions): PromiseLike<unknown> {
	return typeof client === 'function' ? (client as Got)(url, options) : client.request(url, options);
}

// The `url` of a response has the user and the password in got 14 alone, and never on a hit.
function seen({value, error}: Outcome): object {
	const {url, ...rest} = (error ? comparableError(error) : comparable(value)) as {url?: string};
	return GOT_MAJOR < 15 ? {...rest, url: url?.replace(/\/\/.*@/, '//')} : {...rest, url};
}

// got's own instance opens a connection for each call, the session keeps its own; a boundary is made anew for each body.
function comparableRequest({method, url, headers, body}: RecordedRequest): object {
	const {connection: _connection, ...rest} = headers;
	return JSON.parse(
		JSON.stringify({method, url, headers: rest, body: body.toString()}).replaceAll(boundary, 'boundary'),
	);
}

const boundary = /(?:-{2,}form-?data-\w+-\w+|form-data-boundary-\w+)/gi;
