import type {Duplex} from 'node:stream';
import {it} from '@jest/globals';
import {expectTypeOf} from 'expect-type';
import type {Options, Progress, RequestError} from 'got';
import type {
	BodyHandle,
	CachedResponse,
	CachedSession,
	CreateRetryStream,
	SessionResponse,
	SessionStream,
	StoredBody,
} from '../../../src/index.js';

/** Code that only has to compile. */
function compiled(_code: (session: CachedSession) => unknown): void {}

it('streams and their events are typed', () => {
	compiled(session => {
		expectTypeOf(session.stream('x')).toEqualTypeOf<SessionStream>();
		expectTypeOf(session.stream.post(new URL('http://x'), {json: {a: 1}})).toExtend<Duplex>();
		const stream = session.stream('x', {expireAfter: '1h', timeout: {request: 5}});
		expectTypeOf(stream.response).toEqualTypeOf<CachedResponse | undefined>();
		stream.on('response', response => expectTypeOf(response).toEqualTypeOf<CachedResponse>());
		stream.once('downloadProgress', progress => expectTypeOf(progress).toEqualTypeOf<Progress>());
		stream.on('redirect', options => expectTypeOf(options).toEqualTypeOf<Options>());
		stream.on('retry', (count, error, create) => {
			expectTypeOf(count).toEqualTypeOf<number>();
			expectTypeOf(error).toEqualTypeOf<RequestError>();
			expectTypeOf(create).toEqualTypeOf<CreateRetryStream>();
			expectTypeOf(create({headers: {}})).toEqualTypeOf<SessionStream>();
		});
		stream.on('anything else', () => undefined);
		// @ts-expect-error No option of anybody.
		session.stream('x', {unheardOf: 1});
		// @ts-expect-error got's own cache is off.
		session.stream('x', {cache: new Map()});
	});
});

it('promises have events as well', () => {
	compiled(session => {
		const promise = session.get('x', {responseType: 'json'});
		expectTypeOf(promise.on('response', ({isFromCache}) => isFromCache)).toEqualTypeOf(promise);
		promise.once('uploadProgress', progress => expectTypeOf(progress).toEqualTypeOf<Progress>());
		// @ts-expect-error No event of a promise.
		promise.on('data', () => undefined);
	});
});

it('a body that is stored is a body', () => {
	expectTypeOf<StoredBody>().toExtend<BodyHandle>();
	expectTypeOf<SessionResponse['body']>().toEqualTypeOf<BodyHandle>();
});
