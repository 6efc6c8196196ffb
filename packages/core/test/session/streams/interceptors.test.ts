import {describe, expect, it} from '@jest/globals';
import {startOrigin} from '../../../../../test-support/origin-server.js';
import {BytesBody} from '../../../src/index.js';
import {makeSession, PLACES} from '../stepping-session.js';
import {bytesOf, failureOf, sampleBytes, textOf} from './read-stream.js';

describe.each(PLACES)('an interceptor %s the cache', place => {
	it('that passes everything on keeps the body streaming', async () => {
		let finish: (() => void) | undefined;
		await using origin = await startOrigin((_request, response) => {
			response.write('first ');
			finish = () => response.end('last');
		});
		const seen: unknown[] = [];
		await using session = makeSession(place, async (request, next) => {
			seen.push(request.isStream);
			const response = await next(request);
			seen.push(response.statusCode);
			return {...response};
		});
		const stream = session.stream(origin.url);
		let text = '';
		for await (const chunk of stream) {
			text += chunk;
			finish?.();
		}
		expect(text).toBe('first last');
		expect(seen).toEqual([true, 200]);
		expect((await session.get(origin.url)).isFromCache).toBe(true);
	});

	it('may look at the body and pass it on, or give another one', async () => {
		await using origin = await startOrigin('body');
		let changes = false;
		const looked: string[] = [];
		await using session = makeSession(place, async (request, next) => {
			const response = await next(request);
			const text = Buffer.from(await response.body.bytes()).toString();
			looked.push(text);
			return changes ? {...response, body: new BytesBody(Buffer.from(`${text}!`))} : response;
		});
		expect(await textOf(session.stream(`${origin.url}/same`))).toBe('body');
		changes = true;
		expect(await textOf(session.stream(`${origin.url}/changed`))).toBe('body!');
		expect(looked).toEqual(['body', 'body']);
	});

	it('may change the pieces as they pass', async () => {
		const body = sampleBytes(300_000);
		await using origin = await startOrigin({body});
		await using session = makeSession(place, async (request, next) => {
			const {body: inner, ...response} = await next(request);
			const stream = async function* () {
				for await (const piece of inner.stream()) {
					yield Uint8Array.from(piece, byte => byte ^ 1);
				}
			};
			const bytes = async () => Uint8Array.from(await inner.bytes(), byte => byte ^ 1);
			return {...response, body: {stream, bytes}};
		});
		const changed = Buffer.from(body.map(byte => byte ^ 1));
		for (const _ of ['miss', 'hit']) {
			expect((await bytesOf(session.stream(origin.url))).equals(changed)).toBe(true);
		}
		expect(origin.requests).toHaveLength(1);
	});

	it('that takes the body and gives none is told so', async () => {
		await using origin = await startOrigin('body');
		await using session = makeSession(place, async (request, next) => {
			const response = await next(request);
			for await (const _ of response.body.stream()) {
				// Gone.
			}
			return response;
		});
		expect((await failureOf(session.stream(origin.url))).message).toMatch(/read once|nothing/);
	});

	it('may send the request again; what it does not use is ended', async () => {
		const closed: number[] = [];
		await using origin = await startOrigin((_request, response) => {
			const count = origin.requests.length;
			response.on('close', () => closed.push(count));
			if (count === 1) {
				response.writeHead(500);
				response.write(sampleBytes(200_000));
				return undefined;
			}
			return 'second';
		});
		const session = makeSession(
			place,
			async (request, next) => {
				const response = await next(request);
				return response.statusCode === 500 ? next(request) : response;
			},
			{retry: {limit: 0}, throwHttpErrors: false},
		);
		expect(await textOf(session.stream(origin.url))).toBe('second');
		await session.close();
		await new Promise(resolve => setTimeout(resolve, 20));
		expect(closed).toContain(1);
	});

	it('cannot send what was written twice', async () => {
		await using origin = await startOrigin();
		await using session = makeSession(place, async (request, next) => {
			await next(request);
			return next(request);
		});
		const stream = session.stream.post(origin.url);
		stream.end('once');
		expect(await failureOf(stream)).toMatchObject({message: 'Cannot retry with consumed body stream'});
	});

	it('may answer by itself', async () => {
		await using session = makeSession(place, async () => ({
			statusCode: 200,
			statusMessage: 'OK',
			httpVersion: '1.1',
			rawHeaders: ['Content-Type', 'text/made'],
			url: 'http://127.0.0.1:1/',
			redirectUrls: [],
			body: new BytesBody(Buffer.from('made')),
			isFromCache: false,
		}));
		const stream = session.stream('http://127.0.0.1:1/');
		expect(await textOf(stream)).toBe('made');
		expect(stream.response?.headers['content-type']).toBe('text/made');
		const upload = session.stream.post('http://127.0.0.1:1/');
		upload.end('nobody reads this');
		expect(await textOf(upload)).toBe('made');
	});

	it('that throws is the error of the stream', async () => {
		await using origin = await startOrigin();
		const error = new RangeError('no slot');
		await using session = makeSession(place, async () => {
			throw error;
		});
		expect(await failureOf(session.stream(origin.url))).toBe(error);
	});
});
