import {describe, expect, it} from '@jest/globals';
import {CookieJar} from 'tough-cookie';
import {CachedSession} from '../../src/index.js';
import {cookiesOf, jarWith, oneUser, startSetting} from './setting-origin.js';

describe('"ifAbsent" means the name, the domain and the path', () => {
	it.each<[stored: string, present: string, isSet: boolean]>([
		['a=stored; Path=/', 'a=mine; Path=/', false],
		['a=stored; Path=/page', 'a=mine; Path=/', true],
		['a=stored; Path=/', 'a=mine; Path=/page', true],
		['A=stored; Path=/', 'a=mine; Path=/', true],
		['a=stored', 'a=mine; Path=/', false],
		['a=stored; Path=/elsewhere', 'a=mine; Path=/elsewhere', false],
	])('%s, where there is %s', async (stored, present, isSet) => {
		await using origin = await startSetting(stored);
		await using session = new CachedSession(oneUser);
		await session.get(`${origin.url}/page`);
		const jar = await jarWith(`${origin.url}/page`, present);
		await session.get(`${origin.url}/page`, {cookieJar: jar});
		const values = jar.serializeSync()!.cookies.map(({value}) => value);
		expect(values.sort()).toEqual(isSet ? ['mine', 'stored'] : ['mine']);
	});

	it('and where a response sets one twice, the last one counts', async () => {
		await using origin = await startSetting(
			'a=first; Path=/',
			'a=second; Path=/',
			'gone=1; Path=/',
			'gone=; Path=/; Max-Age=0',
		);
		await using session = new CachedSession(oneUser);
		await session.get(origin.url);
		const jar = new CookieJar();
		await session.get(origin.url, {cookieJar: jar});
		expect(await cookiesOf(jar, origin.url)).toBe('a=second');
	});

	it('as far as a jar can tell that has only what got needs', async () => {
		await using origin = await startSetting('a=stored; Path=/', 'b=stored; Path=/deep');
		await using session = new CachedSession(oneUser);
		await session.get(origin.url);
		const set: string[] = [];
		const asked = new Set<string>();
		const cookieJar = {
			getCookieString: async (url: string) => {
				asked.add(url);
				return 'other=1; a=mine';
			},
			setCookie: async (line: string, url: string) => {
				set.push(`${line} ${url}`);
			},
		};
		await session.get(origin.url, {cookieJar});
		expect(set).toEqual([`b=stored; Path=/deep ${origin.url}/`]);
		// Where such a cookie would be sent, also one for secure connections.
		const secure = origin.url.replace('http:', 'https:');
		expect(asked).toEqual(new Set([`${origin.url}/`, `${secure}/`, `${secure}/deep`]));
	});
});
