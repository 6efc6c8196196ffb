import {readdirSync, readFileSync} from 'node:fs';
import path from 'node:path';
import {describe, expect, it} from '@jest/globals';
import {CachedSession, type CachedSessionOptions, type RequestOptions} from 'got-client-cache';
import {CookieJar} from 'tough-cookie';
import {type OriginHandler, startOrigin} from '../../../test-support/origin-server.js';
import {temporaryPlace} from './temporary-place.js';

const place = temporaryPlace();

/** In every secret of these tests, so that none can be overlooked. */
const SECRET = 'hunter2';

/** All bytes of a database: the file, its log, the log's index. */
function bytesOf(file: string): Buffer {
	const folder = path.dirname(file);
	const files = readdirSync(folder).filter(name => name.startsWith(path.basename(file)));
	expect(files.sort()).toEqual(['', '-shm', '-wal'].map(suffix => `${path.basename(file)}${suffix}`));
	return Buffer.concat(files.map(name => readFileSync(path.join(folder, name))));
}

/** The forms in which a secret might stand somewhere: as it is, in base64 at each of its three places, and in UTF-16. */
function formsOf(secret: string): Buffer[] {
	const base64 = [0, 1, 2].map(offset => {
		const text = Buffer.from(`${' '.repeat(offset)}${secret}`)
			.toString('base64')
			.replaceAll('=', '');
		return text.slice(Math.ceil((offset * 4) / 3), -2);
	});
	return [...[secret, ...base64].map(text => Buffer.from(text)), Buffer.from(secret, 'utf16le')];
}

function expectNoSecrets(bytes: Buffer): void {
	for (const form of formsOf(SECRET)) {
		expect(bytes.indexOf(form)).toBe(-1);
	}
}

interface Case {
	readonly name: string;
	readonly path?: string;
	readonly session?: (origin: string) => CachedSessionOptions;
	readonly request?: RequestOptions;
	readonly answer?: OriginHandler;
	/** Whether the secret is not sent at all. */
	readonly stays?: boolean;
}

const jar = (origin: string) => {
	const cookieJar = new CookieJar();
	cookieJar.setCookieSync(`session=${SECRET}`, origin);
	return cookieJar;
};
const varying: OriginHandler = () => ({
	headers: {vary: 'authorization, cookie, x-api-key, x-custom', 'x-field': 'field of the response'},
	body: 'body of the response',
});

const allSecrets = {
	authorization: `Bearer ${SECRET}`,
	cookie: `session=${SECRET}; other=${SECRET}`,
	'x-api-key': SECRET,
	'x-custom': SECRET,
};

const cases: Case[] = [
	{name: 'Authorization', request: {headers: {Authorization: `Bearer ${SECRET}`}}},
	{name: 'Proxy-Authorization', request: {headers: {'proxy-authorization': `Bearer ${SECRET}`}}},
	{name: 'a cookie header', request: {headers: {cookie: `session=${SECRET}`}}},
	{name: 'a cookie jar', session: origin => ({cookieJar: jar(origin)})},
	{name: 'an API key', request: {headers: {'x-api-key': SECRET}}},
	{name: 'username and password', session: () => ({username: SECRET, password: SECRET})},
	{name: 'a secret query parameter', path: `/?a=b&api_key=${SECRET}&X-Amz-Signature=${SECRET}&Access_Token=${SECRET}`},
	{name: 'secret search parameters', request: {searchParams: {client_secret: SECRET, password: SECRET}}},
	{name: 'an ignored parameter', path: `/?nonce=${SECRET}`, session: () => ({ignoredParams: ['nonce']})},
	{name: 'a session in the path', path: `/a;jsessionid=${SECRET}?b=c`},
	{name: 'a fragment', path: `/#access_token=${SECRET}`, stays: true},
	{name: 'a password in JSON', request: {method: 'POST', json: {password: SECRET}}},
	{name: 'a password in a form', request: {method: 'POST', form: {password: SECRET}}},
	{name: 'a password in text', request: {method: 'POST', body: `password is ${SECRET}`}},
	{name: 'headers in the key', session: () => ({includeHeaders: true}), request: {headers: allSecrets}},
	{
		name: 'listed headers in the key',
		session: () => ({includeHeaders: Object.keys(allSecrets)}),
		request: {headers: allSecrets},
	},
	{
		name: 'a key of one’s own',
		session: () => ({keyFn: ({headers}) => `key ${headers['authorization']}`}),
		request: {headers: allSecrets},
	},
	{name: 'an identity', session: () => ({identity: `user ${SECRET}`}), stays: true},
	{name: 'a secretKey', session: () => ({secretKey: SECRET}), request: {headers: allSecrets}},
	{name: 'fields in Vary', request: {headers: allSecrets}, answer: varying},
	{
		name: 'fields in Vary for one user',
		session: () => ({identity: false}),
		request: {headers: allSecrets},
		answer: varying,
	},
	{
		name: 'a redirect',
		path: `/from?token=${SECRET}`,
		request: {headers: allSecrets},
		answer: (request, response) =>
			request.url.startsWith('/from') ? {status: 302, headers: {location: '/to'}} : varying(request, response),
	},
];

describe.each(cases)(
	'a request with $name',
	({path: pathname = '/', session: options, request, answer = varying, stays = false}) => {
		it('leaves no secret in the files, and its response is there', async () => {
			await using origin = await startOrigin(answer);
			const backend = place.open(place.path('cache.sqlite'));
			await using session = new CachedSession({
				cache: backend,
				autoclose: false,
				allowedMethods: ['GET', 'POST'],
				...options?.(origin.url),
			});
			const url = `${origin.url}${pathname}`;
			await session.request(url, request);
			// Renewed, and under another index, too.
			await session.request(url, {...request, forceRefresh: true});
			expect(await session.request(url, request)).toMatchObject({isFromCache: true});
			const sent = origin.requests.map(({url, headers, body}) => `${url} ${JSON.stringify(headers)} ${body}`).join();
			expect(formsOf(SECRET).some(form => sent.includes(form.toString()))).toBe(!stays);

			const bytes = bytesOf(backend.path);
			expectNoSecrets(bytes);
			expect(bytes.includes('body of the response')).toBe(true);
			expect(bytes.includes('field of the response')).toBe(true);
			await session.cache.resetExpiration('1h');
			await session.cache.clear();
			expectNoSecrets(bytesOf(backend.path));
		});
	},
);

describe('user info in a URL', () => {
	it('is not in the files', async () => {
		await using origin = await startOrigin(varying);
		const backend = place.open(place.path('cache.sqlite'));
		await using session = new CachedSession({cache: backend, autoclose: false});
		const url = origin.url.replace('://', `://${SECRET}:${SECRET}@`);
		await session.get(url);
		expect(await session.get(url)).toMatchObject({isFromCache: true});
		expectNoSecrets(bytesOf(backend.path));
	});
});

describe('a response saved by hand', () => {
	it('leaves no secret of its request in the files', async () => {
		const backend = place.open(place.path('cache.sqlite'));
		await backend.save(
			{
				url: `https://${SECRET}:${SECRET}@example.com/?token=${SECRET}`,
				method: 'POST',
				headers: allSecrets,
				json: {password: SECRET},
			},
			{body: 'body of the response', headers: {vary: 'cookie'}},
		);
		const bytes = bytesOf(backend.path);
		expectNoSecrets(bytes);
		expect(bytes.includes('body of the response')).toBe(true);
	});
});

describe('the search for secrets', () => {
	it.each(['', 'a', 'ab', 'abc'])('finds what stands in the files, as text or in base64 behind %p', async prefix => {
		const backend = place.open(place.path('cache.sqlite'));
		const base64 = Buffer.from(`${prefix}${SECRET} and more`).toString('base64');
		await backend.save('https://example.com/', {body: base64});
		expect(() => expectNoSecrets(bytesOf(backend.path))).toThrow();
		const fields = place.open(place.path('cache.sqlite'));
		await fields.save('https://example.com/', {headers: {'set-cookie': `${prefix}${SECRET}`}});
		expect(() => expectNoSecrets(bytesOf(fields.path))).toThrow();
	});
});
