import {describe, expect, it} from '@jest/globals';
import {type Origin, type OriginReply, startOrigin} from '../../../../../test-support/origin-server.js';
import {CachedSession, type RequestOptions} from '../../../src/index.js';

/** How often the origin is asked when these requests are made at once. */
async function askedAtOnce(reply: OriginReply, options: ReadonlyArray<RequestOptions | undefined>): Promise<number> {
	await using origin = await startOrigin({...reply, delay: 30});
	await using session = new CachedSession({cacheControl: true, throwHttpErrors: false});
	await Promise.all(options.map(each => session.get(origin.url, each)));
	return origin.requests.length;
}

const plain = undefined;
const fresh = {headers: {'cache-control': 'max-age=60', etag: '"a"'}, body: 'body'};

/** Answers no request before so many have come. */
async function startGate(reply: OriginReply, count: number): Promise<Origin> {
	let open!: () => void;
	const opened = new Promise<void>(resolve => {
		open = resolve;
	});
	const origin = await startOrigin(async () => {
		if (origin.requests.length === count) {
			open();
		}
		await opened;
		return reply;
	});
	return origin;
}

describe('requests at once, with cacheControl', () => {
	it.each<[string, number, OriginReply, ReadonlyArray<RequestOptions | undefined>]>([
		['what is stored', 1, fresh, [plain, plain, plain]],
		['what may not be stored', 3, {headers: {'cache-control': 'no-store'}}, [plain, plain, plain]],
		[
			'what must be validated before each use',
			3,
			{headers: {'cache-control': 'no-cache', etag: '"a"'}},
			[plain, plain, plain],
		],
		['a request with no-cache', 2, fresh, [plain, {headers: {'cache-control': 'no-cache'}}]],
		['a range', 2, fresh, [plain, {headers: {range: 'bytes=0-1'}}]],
		[
			'a range that comes first',
			3,
			{...fresh, status: 206},
			[{headers: {range: 'bytes=0-1'}}, plain, {headers: {range: 'bytes=0-1'}}],
		],
		['a condition', 2, fresh, [plain, {headers: {'if-none-match': '"z"'}}]],
	])('share %s: asked %d times', async (_name, times, reply, options) => {
		expect(await askedAtOnce(reply, options)).toBe(times);
	});

	it.each<[string, Pick<RequestOptions, 'headers'>]>([
		['demands that the server is asked', {headers: {'cache-control': 'no-cache'}}],
		['wants a part', {headers: {range: 'bytes=0-1'}}],
		['has a condition', {headers: {'if-none-match': '"z"'}}],
	])('do not keep one waiting that %s', async (_name, options) => {
		await using origin = await startGate(fresh, 2);
		await using session = new CachedSession({cacheControl: true});
		const responses = await Promise.all([session.get(origin.url), session.get(origin.url, options)]);
		expect(responses.map(({body}) => body)).toEqual(['body', 'body']);
	});
});
