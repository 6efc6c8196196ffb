import process from 'node:process';
import {afterEach, beforeEach, describe, expect, it, jest} from '@jest/globals';
import {CookieJar} from 'tough-cookie';
import type {Origin} from '../../../../test-support/origin-server.js';
import {CacheBackend, CachedSession, type CachedSessionOptions, type RequestOptions} from '../../src/index.js';
import {modes, startWhoAsked, storable, whoAsked} from './who-asked.js';

type User = 'anna' | 'ben';
type Options = Omit<RequestOptions, 'responseType' | 'resolveBodyOnly'>;

let origin: Origin;
let warn: jest.SpiedFunction<typeof process.emitWarning>;

beforeEach(async () => {
	origin = await startWhoAsked();
	warn = jest.spyOn(process, 'emitWarning').mockImplementation(() => undefined);
});

afterEach(async () => {
	await origin.close();
	warn.mockRestore();
});

function jarOf(cookie: string): CookieJar {
	const jar = new CookieJar();
	jar.setCookieSync(cookie, origin.url);
	return jar;
}

const basic = (user: string) => `Basic ${Buffer.from(`${user}:pass`).toString('base64')}`;
const header = (name: string, value: (user: User) => string): [string, (user: User) => Options] => [
	`the header ${name}`,
	user => ({headers: {[name]: value(user)}}),
];

/** All ways in which a request can say who its user is, as options that a session takes as well. */
const ways: Array<[name: string, options: (user: User) => Options]> = [
	header('Authorization', user => `Bearer ${user}`),
	header('authorization', basic),
	header('AUTHORIZATION', user => `Digest username="${user}"`),
	header('Proxy-Authorization', basic),
	header('Cookie', user => `session=${user}`),
	header('cookie', user => `lang=de; session=${user}`),
	header('X-API-Key', user => `key-of-${user}`),
	header('x-api-key', user => `key-of-${user}`),
	header('ApiKey', user => `key-of-${user}`),
	header('X-Auth-Token', user => `token-of-${user}`),
	header('X-Access-Token', user => `token-of-${user}`),
	header('PRIVATE-TOKEN', user => `token-of-${user}`),
	header('Ocp-Apim-Subscription-Key', user => `key-of-${user}`),
	header('X-Amz-Security-Token', user => `token-of-${user}`),
	header('X-Forwarded-User', user => user),
	header('X-Session-ID', user => user),
	['a cookie jar', user => ({cookieJar: jarOf(`session=${user}`)})],
	['a cookie jar and a cookie header', user => ({cookieJar: jarOf(`session=${user}`), headers: {cookie: 'a=b'}})],
	['the options username and password', user => ({username: user, password: 'pass'})],
	['the option username', user => ({username: user})],
	['the option password', user => ({password: user})],
	['a query parameter', user => ({searchParams: {api_key: user}})],
	['a client certificate', user => ({https: {certificate: `certificate of ${user}`, key: 'key'}})],
];

/** What each user gets without a cache. */
async function ownAnswers(options: (user: User) => Options): Promise<Record<User, string>> {
	await using session = new CachedSession();
	const ask = async (user: User) => (await session.get(origin.url, {...options(user), cache: false})).body;
	return {anna: await ask('anna'), ben: await ask('ben')};
}

describe.each(modes)('by %s:', (_mode, mode) => {
	describe.each(ways)('two users who send %s', (_name, options) => {
		it('get their own answers, and hits of their own, from one session', async () => {
			const own = await ownAnswers(options);
			await using session = new CachedSession(mode);
			await session.get(origin.url);
			origin.requests.length = 0;
			for (const isFromCache of [false, true, true]) {
				for (const user of ['anna', 'ben'] as const) {
					expect(await session.get(origin.url, options(user))).toMatchObject({body: own[user], isFromCache});
				}
				expect((await session.get(origin.url)).body).toBe('/ {}');
			}
			expect(origin.requests).toHaveLength(2);
			expect(warn).not.toHaveBeenCalled();
		});

		it('get their own answers when all ask at once', async () => {
			const own = await ownAnswers(options);
			origin.fallback(request => storable({body: whoAsked(request), delay: 20}));
			origin.requests.length = 0;
			await using session = new CachedSession(mode);
			const users = ['anna', 'ben', undefined, 'ben', 'anna', undefined] as const;
			const answers = await Promise.all(users.map(user => session.get(origin.url, user && options(user))));
			expect(answers.map(({body}) => body)).toEqual(users.map(user => (user ? own[user] : '/ {}')));
			expect(origin.requests).toHaveLength(3);
		});

		it('get their own answers from sessions of their own on one backend', async () => {
			const own = await ownAnswers(options);
			const cache = new CacheBackend('shared', {autoclose: false});
			await using annas = new CachedSession({...mode, cache, ...(options('anna') as CachedSessionOptions)});
			await using bens = new CachedSession({...mode, cache, ...(options('ben') as CachedSessionOptions)});
			await using nobodys = new CachedSession({...mode, cache});
			for (const isFromCache of [false, true]) {
				expect(await annas.get(origin.url)).toMatchObject({body: own.anna, isFromCache});
				expect(await bens.get(origin.url)).toMatchObject({body: own.ben, isFromCache});
				expect(await nobodys.get(origin.url)).toMatchObject({body: '/ {}', isFromCache});
			}
		});
	});

	describe('user info in the URL', () => {
		it('tells users apart, in the URL as in prefixUrl, and is not told from the options that say the same', async () => {
			const {host} = new URL(origin.url);
			await using session = new CachedSession(mode);
			const urlOf = (user: string) => `http://${user}:pass@${host}/`;
			for (const isFromCache of [false, true]) {
				for (const user of ['anna', 'ben', 'an%20na']) {
					const name = decodeURIComponent(user);
					expect(await session.get(urlOf(user))).toMatchObject({
						body: `/ {"authorization":"${basic(name)}"}`,
						isFromCache,
					});
				}
			}
			expect(await session.get('', {prefixUrl: urlOf('anna')})).toMatchObject({isFromCache: true});
			expect(await session.get(origin.url, {username: 'ben', password: 'pass'})).toMatchObject({isFromCache: true});
			expect(await session.get(origin.url, {headers: {authorization: basic('ben')}})).toMatchObject({
				isFromCache: true,
			});
			expect(await session.get(origin.url)).toMatchObject({isFromCache: false, body: '/ {}'});
			expect(await session.cache.getUrls()).toEqual([`${origin.url}/`]);
		});

		it('does not show in a hit', async () => {
			const {host} = new URL(origin.url);
			await using session = new CachedSession(mode);
			await session.get(`http://anna:pass@${host}/`);
			const hit = await session.get(`http://anna:pass@${host}/`);
			expect(hit).toMatchObject({isFromCache: true, url: `${origin.url}/`});
		});
	});

	describe('cookies', () => {
		const ask = (session: CachedSession, cookie: string) => session.get(origin.url, {headers: {cookie}});

		it('count whatever their order, and not for what says nothing about the user', async () => {
			await using session = new CachedSession(mode);
			await ask(session, 'a=1; b=2');
			expect(await ask(session, 'b=2; a=1')).toMatchObject({isFromCache: true});
			expect(await ask(session, 'b=2; _ga=x; a=1; AWSALB=y; XSRF-TOKEN=z')).toMatchObject({isFromCache: true});
			expect(await ask(session, 'a=1; b=3')).toMatchObject({isFromCache: false});
			expect(await ask(session, 'a=1')).toMatchObject({isFromCache: false});
		});

		it('that a response sets make the next request another identity', async () => {
			origin.fallback(request =>
				storable({
					headers: request.url.startsWith('/login') ? {'set-cookie': `session=${request.url.slice(7)}`} : {},
					body: whoAsked(request),
				}),
			);
			await using session = new CachedSession({...mode, cookieJar: new CookieJar()});
			const page = `${origin.url}/page`;
			expect(await session.get(page)).toMatchObject({body: '/page {}', isFromCache: false});
			expect(await session.get(page)).toMatchObject({isFromCache: true});
			await session.post(`${origin.url}/login?anna`);
			expect(await session.get(page)).toMatchObject({body: '/page {"cookie":"session=anna"}', isFromCache: false});
			expect(await session.get(page)).toMatchObject({body: '/page {"cookie":"session=anna"}', isFromCache: true});
			await session.post(`${origin.url}/login?ben`);
			expect(await session.get(page)).toMatchObject({body: '/page {"cookie":"session=ben"}', isFromCache: false});
			await session.post(`${origin.url}/login?anna`);
			expect(await session.get(page)).toMatchObject({body: '/page {"cookie":"session=anna"}', isFromCache: true});
			expect(warn).not.toHaveBeenCalled();
		});

		it('that a response sets do not make that very response wrong', async () => {
			origin.fallback(request => storable({headers: {'set-cookie': 'session=new'}, body: whoAsked(request)}));
			await using session = new CachedSession({...mode, cookieJar: new CookieJar()});
			expect((await session.get(origin.url)).body).toBe('/ {}');
			expect(await session.get(origin.url)).toMatchObject({body: '/ {"cookie":"session=new"}', isFromCache: false});
			expect(await session.get(origin.url)).toMatchObject({body: '/ {"cookie":"session=new"}', isFromCache: true});
		});
	});
});
