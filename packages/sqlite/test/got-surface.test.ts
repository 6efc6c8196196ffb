/** What a session offers besides its requests, on a database: its instance of got, pages, and the cookies of what is stored. */
import {describe, expect, it} from '@jest/globals';
import {CachedSession, type CachedSessionOptions} from 'got-client-cache';
import {CookieJar} from 'tough-cookie';
import {moveClock} from '../../../test-support/moved-clock.js';
import {startOrigin} from '../../../test-support/origin-server.js';
import {SQLiteBackend} from '../src/sqlite-backend.js';
import {temporaryPlace} from './temporary-place.js';

const place = temporaryPlace();

function openSession(file: string, options: CachedSessionOptions = {}): CachedSession {
	return new CachedSession({cache: new SQLiteBackend(file), ...options});
}

async function textOf(stream: AsyncIterable<unknown>): Promise<string> {
	const chunks: Uint8Array[] = [];
	for await (const chunk of stream) {
		chunks.push(chunk as Uint8Array);
	}
	return Buffer.concat(chunks).toString();
}

describe('a session on a database that an earlier one has filled', () => {
	it('answers through its instance of got, promises and streams', async () => {
		await using origin = await startOrigin(({url}) => ({body: {url}}));
		origin.route('/moved', {status: 302, headers: {location: '/end'}});
		const file = place.path('cache.sqlite');
		for (let run = 0; run < 2; run++) {
			await using session = openSession(file);
			const client = session.toGot().extend({prefixUrl: origin.url});
			expect(await client('a').json()).toEqual({url: '/a'});
			expect(JSON.parse(await textOf(client.stream('b')))).toEqual({url: '/b'});
			expect(await client('moved')).toMatchObject({isFromCache: run > 0, url: `${origin.url}/end`});
			const refused = client('a', {unheardOf: true} as object);
			await expect(refused).rejects.toThrow('Unexpected option: unheardOf');
		}
		expect(origin.requests).toHaveLength(4);
	});

	it('has the pages', async () => {
		await using origin = await startOrigin(({url}) => {
			const page = Number(url.at(-1));
			return {headers: page < 3 ? {link: `</${page + 1}>; rel="next"`} : {}, body: [page]};
		});
		const file = place.path('cache.sqlite');
		for (let run = 0; run < 2; run++) {
			await using session = openSession(file);
			expect(await session.paginate.all(`${origin.url}/1`)).toEqual([1, 2, 3]);
		}
		expect(origin.requests).toHaveLength(3);
	});

	it('sets the cookies of what is stored in a new jar, as old as they are', async () => {
		await using origin = await startOrigin({headers: {'set-cookie': ['long=1; Max-Age=600', 'short=1; Max-Age=10']}});
		using clock = moveClock();
		const jars: CookieJar[] = [];
		const file = place.path('cache.sqlite');
		for (let run = 0; run < 2; run++) {
			const cookieJar = new CookieJar();
			await using session = openSession(file, {cookieJar});
			await session.get(origin.url);
			jars.push(cookieJar);
			clock.advance(60);
		}
		expect(origin.requests).toHaveLength(1);
		const ages = jars.map(jar => jar.serializeSync()!.cookies.map(({key, maxAge}) => [key, maxAge]));
		expect(ages).toEqual([
			[
				['long', 600],
				['short', 10],
			],
			[['long', 540]],
		]);
	});
});
