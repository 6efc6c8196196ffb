import {expect} from '@jest/globals';
import {type Origin, type RecordedRequest, startOrigin} from '../../../../test-support/origin-server.js';
import type {CachedSession, CachedSessionOptions} from '../../src/index.js';
import {askThreeWays, comparable} from './ask-three-ways.js';

/** A call that got itself can answer as well. */
export type Call = (client: CachedSession) => PromiseLike<unknown>;

/** Redirects a path. */
export function redirect(origin: Origin, path: string, status: number, location: string, headers: object = {}): void {
	origin.route(path, {status, headers: {location, ...headers}});
}

/** An origin where /a leads to /b, and /b to /c, which says what was sent to it. */
export async function startChain(status = 302): Promise<Origin> {
	const origin = await startOrigin(({method, body}) => `${method} ${body} ${origin.requests.length}`);
	redirect(origin, '/a', status, `${origin.url}/b`);
	redirect(origin, '/b', status, '/c');
	origin.route('/c', ({method, url, body}) => ({body: {method, url, body: body.toString()}}));
	return origin;
}

/** What was asked since the last time. */
export function takeRequests(origin: Origin): string[] {
	return origin.requests.splice(0).map(({method, url}) => `${method} ${url}`);
}

/** That got and a miss send the same, a hit sends nothing, and all give the same. */
export async function expectSameChain(origin: Origin, call: Call, options?: CachedSessionOptions): Promise<string[]> {
	const {plain, miss, hit} = await askThreeWays(call, options);
	expect(comparable(miss.value)).toEqual(comparable(plain.value));
	expect(comparable(hit.value)).toEqual(comparable(plain.value));
	expect(hit.value).toMatchObject({isFromCache: true});
	const sent = origin.requests.splice(0).map(withoutConnection);
	expect(sent.slice(sent.length / 2)).toEqual(sent.slice(0, sent.length / 2));
	return sent.slice(0, sent.length / 2).map(({method, url}) => `${method} ${url}`);
}

function withoutConnection(request: RecordedRequest): RecordedRequest {
	const {connection: _connection, ...headers} = request.headers;
	return {...request, headers};
}
