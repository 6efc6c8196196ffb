import {describe, expect, it} from '@jest/globals';
import {type Origin, startOrigin} from '../../../../test-support/origin-server.js';
import {CachedSession, type RequestOptions} from '../../src/index.js';
import {askThreeWays, comparable} from './ask-three-ways.js';

/** Says who asked. */
function startMirror(): Promise<Origin> {
	return startOrigin(({headers}) => ({
		body: {user: headers.authorization, cookie: headers.cookie, key: headers['x-api-key']},
	}));
}

const WAYS: Array<[string, (user: string) => Pick<RequestOptions, 'headers' | 'username' | 'password'>]> = [
	['Authorization', user => ({headers: {authorization: `Bearer ${user}`}})],
	['a cookie', user => ({headers: {cookie: `session=${user}`}})],
	['an API key', user => ({headers: {'x-api-key': user}})],
	['a password', user => ({username: user, password: 'p'})],
];

describe.each(WAYS)('with %s', (_, as) => {
	it('a redirect to another origin gives each user an answer of its own', async () => {
		await using first = await startMirror();
		await using second = await startMirror();
		first.route('/', {status: 302, headers: {location: `${second.url}/end`}});
		await using session = new CachedSession();
		const ask = (user: string) => session.get(first.url, {...as(user), responseType: 'json'});

		const {plain} = await askThreeWays(client => client.get(first.url, {...as('a'), responseType: 'json'}));
		first.requests.length = 0;
		const answers = [await ask('a'), await ask('b'), await ask('a'), await ask('b')];
		expect(answers[0]!.body).toEqual((plain.value as {body: unknown}).body);
		expect(answers.slice(2).map(({body}) => body)).toEqual(answers.slice(0, 2).map(({body}) => body));
		expect(answers.map(({isFromCache}) => isFromCache)).toEqual([false, false, true, true]);
		// The first origin decides where a user goes, so both asked it.
		expect(first.requests).toHaveLength(2);
	});

	it('a redirect within the origin keeps the credentials, and the users apart', async () => {
		await using origin = await startMirror();
		origin.route('/', {status: 302, headers: {location: '/end'}});
		await using session = new CachedSession();
		const ask = (user: string) => session.get(origin.url, {...as(user), responseType: 'json'});
		const [a, b] = [await ask('a'), await ask('b')];
		expect(a.body).not.toEqual(b.body);
		expect([(await ask('a')).body, (await ask('b')).body]).toEqual([a.body, b.body]);
		expect(origin.requests).toHaveLength(4);
		const end = await session.get(`${origin.url}/end`, {...as('b'), responseType: 'json'});
		expect(end).toMatchObject({isFromCache: true, body: b.body});
		const anonymous = await session.get(`${origin.url}/end`, {responseType: 'json'});
		expect(anonymous.isFromCache).toBe(false);
		expect(anonymous.body).toEqual({});
	});
});

it('what was dropped on the way is neither sent nor part of the key', async () => {
	await using first = await startMirror();
	await using second = await startMirror();
	first.route('/', {status: 302, headers: {location: `${second.url}/end`}});
	await using session = new CachedSession();
	const headers = {authorization: 'Bearer a', cookie: 'session=a'};
	const response = await session.get(first.url, {headers, responseType: 'json'});
	expect(first.requests[0]?.headers).toMatchObject(headers);
	expect(response.body).toEqual({});
	// So it is what anybody gets there, and nobody who says who he is.
	expect((await session.get(`${second.url}/end`)).isFromCache).toBe(true);
	expect((await session.get(`${second.url}/end`, {headers})).isFromCache).toBe(false);
});

it('a redirect out and back does not bring credentials back', async () => {
	await using first = await startMirror();
	await using second = await startMirror();
	first.route('/', {status: 302, headers: {location: `${second.url}/out`}});
	second.route('/out', {status: 302, headers: {location: `${first.url}/back`}});
	const call = (client: CachedSession) => client.get(first.url, {headers: {authorization: 'Bearer a'}});
	const {plain, miss, hit} = await askThreeWays(call);
	expect(comparable(miss.value)).toEqual(comparable(plain.value));
	expect(comparable(hit.value)).toEqual(comparable(plain.value));
	expect(plain.value).toMatchObject({body: '{}'});
});

it('a session that says who is asking keeps to that', async () => {
	await using first = await startMirror();
	await using second = await startMirror();
	first.route('/', {status: 302, headers: {location: `${second.url}/end`}});
	await using session = new CachedSession({identity: ({headers}) => String(headers['x-user'])});
	const ask = (user: string) =>
		session.get(first.url, {headers: {'x-user': user, authorization: `Bearer ${Math.random()}`}});
	expect((await ask('a')).isFromCache).toBe(false);
	expect((await ask('a')).isFromCache).toBe(true);
	expect((await ask('b')).isFromCache).toBe(false);
});
