import {describe, expect, it} from '@jest/globals';
import {CookieJar} from 'tough-cookie';
import {moveClock} from '../../../../test-support/moved-clock.js';
import {type OriginReply, startOrigin} from '../../../../test-support/origin-server.js';
import {CacheBackend, CachedSession, type CachedSessionOptions, type RequestOptions} from '../../src/index.js';
import {cookiesOf, jarWith, oneUser, startSetting} from './setting-origin.js';
import {textOf} from './streams/read-stream.js';

type Rule = NonNullable<CachedSessionOptions['replayCookies']>;

describe('a hit sets the cookies of the stored response again', () => {
	it.each<[rule: Rule | undefined, before: string[], after: string]>([
		[undefined, [], 'a=stored; b=stored'],
		['ifAbsent', [], 'a=stored; b=stored'],
		['ifAbsent', ['a=mine'], 'a=mine; b=stored'],
		['always', [], 'a=stored; b=stored'],
		['always', ['a=mine'], 'a=stored; b=stored'],
		['never', [], ''],
		['never', ['a=mine'], 'a=mine'],
	])('with %p, where the jar has %j', async (replayCookies, before, after) => {
		await using origin = await startSetting('a=stored; Path=/', 'b=stored; Path=/');
		await using session = new CachedSession({...oneUser, replayCookies});
		const first = new CookieJar();
		await session.get(origin.url, {cookieJar: first});
		expect(await cookiesOf(first, origin.url)).toBe('a=stored; b=stored');
		for (const ask of asking(session, origin.url)) {
			const jar = await jarWith(origin.url, ...before);
			await ask({cookieJar: jar});
			expect((await cookiesOf(jar, origin.url)).split('; ').sort().join('; ')).toBe(after);
		}
		expect(origin.requests).toHaveLength(1);
	});

	it('so that a new jar has after a hit what it would have after a miss', async () => {
		await using origin = await startSetting(
			'session=1; Path=/; HttpOnly',
			'theme=dark; Path=/a',
			'long=1; Max-Age=100',
		);
		const backend = new CacheBackend();
		const jars = [];
		for (let run = 0; run < 2; run++) {
			const jar = new CookieJar();
			await using session = new CachedSession({cache: backend, autoclose: false, cookieJar: jar});
			await session.get(`${origin.url}/a/b`);
			jars.push(jar);
		}
		const seen = jars.map(jar =>
			jar.serializeSync()!.cookies.map(({key, value, domain, path, hostOnly, httpOnly}) => ({
				key,
				value,
				domain,
				path,
				hostOnly,
				httpOnly,
			})),
		);
		expect(seen[0]).toHaveLength(3);
		expect(seen[1]).toEqual(seen[0]);
		expect(origin.requests).toHaveLength(1);
	});

	it("also where another caller's request gave the answer, and after a validation", async () => {
		await using origin = await startOrigin(({headers}) => {
			const reply: OriginReply = {headers: {etag: '"1"', 'set-cookie': 'a=stored'}, body: 'body', delay: 20};
			return headers['if-none-match'] ? {status: 304} : reply;
		});
		await using session = new CachedSession(oneUser);
		const jars = [new CookieJar(), new CookieJar(), new CookieJar()];
		await Promise.all(jars.slice(0, 2).map(cookieJar => session.get(origin.url, {cookieJar})));
		expect(origin.requests).toHaveLength(1);
		expect(await session.get(origin.url, {cookieJar: jars[2], refresh: true})).toMatchObject({isFromCache: true});
		expect(origin.requests).toHaveLength(2);
		for (const jar of jars) {
			expect(await cookiesOf(jar, origin.url)).toBe('a=stored');
		}
	});

	it("but nobody else's: without a jar nothing happens", async () => {
		await using origin = await startSetting('a=stored');
		const jar = new CookieJar();
		await using session = new CachedSession(oneUser);
		await session.get(origin.url, {cookieJar: jar});
		await jar.removeAllCookies();
		expect((await session.get(origin.url)).headers['set-cookie']).toEqual(['a=stored']);
		expect(await cookiesOf(jar, origin.url)).toBe('');
	});

	it.each<Rule>(['ifAbsent', 'always'])('never in a shared cache (%s)', async replayCookies => {
		await using origin = await startOrigin({headers: {'set-cookie': 'a=other', 'cache-control': 'public, max-age=60'}});
		await using session = new CachedSession({...oneUser, replayCookies, cacheControl: true, shared: true});
		await session.get(origin.url, {cookieJar: new CookieJar()});
		const jar = new CookieJar();
		expect(await session.get(origin.url, {cookieJar: jar})).toMatchObject({isFromCache: true});
		expect(await cookiesOf(jar, origin.url)).toBe('');
	});

	it('is said by a backend too, and the session wins', async () => {
		await using origin = await startSetting('a=stored');
		const cache = new CacheBackend('a', {...oneUser, replayCookies: 'never'});
		await using first = new CachedSession({cache, autoclose: false});
		await using second = new CachedSession({cache, autoclose: false, replayCookies: 'always'});
		const jars = [new CookieJar(), new CookieJar()];
		await first.get(origin.url);
		await first.get(origin.url, {cookieJar: jars[0]});
		await second.get(origin.url, {cookieJar: jars[1]});
		expect(await Promise.all(jars.map(jar => cookiesOf(jar, origin.url)))).toEqual(['', 'a=stored']);
	});

	it.each(['sometimes', true, null])('is refused as %p', value => {
		const options = {replayCookies: value} as unknown as CachedSessionOptions;
		expect(() => new CachedSession(options)).toThrow(/'replayCookies': .*'never', 'ifAbsent' or 'always'/);
	});
});

describe('time passes for cookies too', () => {
	it('Max-Age counts from when it was received, whether or not the response was validated since', async () => {
		await using origin = await startOrigin(({headers}) =>
			headers['if-none-match']
				? {status: 304}
				: {headers: {etag: '"1"', 'set-cookie': ['short=1; Max-Age=60', 'long=1; Max-Age=6000', 'ever=1']}},
		);
		using clock = moveClock();
		for (const replayCookies of ['ifAbsent', 'always'] as const) {
			await using session = new CachedSession({...oneUser, replayCookies});
			await session.get(origin.url);
			clock.advance(50);
			await session.get(origin.url, {refresh: true});
			clock.advance(20);
			const jar = new CookieJar();
			expect(await session.get(origin.url, {cookieJar: jar})).toMatchObject({isFromCache: true});
			const {cookies} = jar.serializeSync()!;
			expect(cookies.map(({key}) => key)).toEqual(['long', 'ever']);
			expect(cookies[0]).toMatchObject({maxAge: 5930});
		}
	});
});

describe('a stored chain of redirects', () => {
	it('sets the cookies of every hop, at its own URL', async () => {
		await using other = await startSetting('end=1');
		await using origin = await startOrigin();
		origin.route('/in/a', {status: 302, headers: {location: '/out/b', 'set-cookie': ['first=1', 'both=hop; Path=/']}});
		origin.route('/out/b', {
			status: 302,
			headers: {location: `${other.url.replace('127.0.0.1', 'localhost')}/c`, 'set-cookie': 'second=1'},
		});
		await using session = new CachedSession(oneUser);
		const jars = [new CookieJar(), new CookieJar()];
		for (const cookieJar of jars) {
			await session.get(`${origin.url}/in/a`, {cookieJar, dnsLookupIpVersion: 4});
		}
		expect(origin.requests).toHaveLength(2);
		const [expected, actual] = jars.map(jar =>
			jar
				.serializeSync()!
				.cookies.map(({key, domain, path}) => `${key} ${domain} ${path}`)
				.sort(),
		);
		expect(expected).toHaveLength(4);
		expect(expected).toContain('end localhost /');
		expect(actual).toEqual(expected);
	});
});

describe('a cookie that the jar refuses', () => {
	const refused = 'a=1; Domain=example.org';

	it('fails the hit as it would fail the miss', async () => {
		await using origin = await startSetting(refused);
		await using session = new CachedSession({...oneUser, retry: {limit: 0}});
		const miss = session.get(origin.url, {cookieJar: new CookieJar()});
		const missed = await miss.catch((error: Error) => error);
		await session.get(origin.url);
		const hit = await session.get(origin.url, {cookieJar: new CookieJar()}).catch((error: Error) => error);
		expect(missed).toMatchObject({name: 'RequestError'});
		expect(hit).toMatchObject({name: 'RequestError', message: (missed as Error).message});
		expect(origin.requests).toHaveLength(2);
	});

	it('is left out with ignoreInvalidCookies', async () => {
		await using origin = await startSetting(refused, 'b=2');
		await using session = new CachedSession({...oneUser, ignoreInvalidCookies: true});
		await session.get(origin.url);
		const jar = new CookieJar();
		expect(await session.get(origin.url, {cookieJar: jar})).toMatchObject({isFromCache: true});
		expect(await cookiesOf(jar, origin.url)).toBe('b=2');
	});
});

describe('the next request', () => {
	it('is that of one who has these cookies', async () => {
		await using origin = await startOrigin(({headers, url}) => ({
			headers: url === '/login' ? {'set-cookie': 'session=1; Path=/'} : {},
			body: `${headers.cookie}`,
		}));
		const cache = new CacheBackend();
		for (let run = 0; run < 2; run++) {
			await using session = new CachedSession({cache, autoclose: false, cookieJar: new CookieJar()});
			await session.get(`${origin.url}/login`);
			expect(await session.get(`${origin.url}/page`).text()).toBe('session=1');
		}
		expect(origin.requests.map(({url}) => url)).toEqual(['/login', '/page']);
	});
});

/** Every way to ask. */
function asking(session: CachedSession, url: string): Array<(options: RequestOptions) => Promise<unknown>> {
	return [
		options => session.get(url, options),
		options => textOf(session.stream(url, options)),
		options => session.toGot()(url, options as object),
		options => textOf(session.toGot().stream(url, options as object)),
		options => session.extend(options as object).get(url),
	];
}
