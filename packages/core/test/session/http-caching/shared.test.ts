import process from 'node:process';
import {afterEach, beforeEach, describe, expect, it, jest} from '@jest/globals';
import {startOrigin} from '../../../../../test-support/origin-server.js';
import {CachedSession, type CachedSessionOptions, type RequestOptions} from '../../../src/index.js';
import {runSteps, type Story, twice} from './run-steps.js';

const shared: CachedSessionOptions = {cacheControl: true, shared: true};

const stories: Story[] = [
	twice('s-maxage over a shorter max-age', {'cache-control': 'max-age=1, s-maxage=60'}, {isReused: true}),
	twice('s-maxage over a longer max-age', {'cache-control': 'max-age=60, s-maxage=1'}, {isReused: false}),
	twice('private', {'cache-control': 'private, max-age=60'}, {isReused: false}),
	twice('private for a field', {'cache-control': 'private="x-a", max-age=60'}, {isReused: true}),
	twice('CDN-Cache-Control', {'cdn-cache-control': 'max-age=60', 'cache-control': 'no-store'}, {isReused: true}),
	twice(
		'proxy-revalidate when stale',
		{'cache-control': 'proxy-revalidate, max-age=1'},
		{isReused: false, headers: {'cache-control': 'max-stale'}},
	),
	twice('proxy-revalidate while fresh', {'cache-control': 'proxy-revalidate, max-age=60'}, {isReused: true}),
	[
		'a private field is not kept',
		{reply: {headers: {'cache-control': 'private="x-a", max-age=60', 'x-a': '1', 'x-b': '1'}}, sent: {}},
		{sent: false, gives: {headers: expect.not.objectContaining({'x-a': '1'})}},
	],
];

type Asking = Pick<RequestOptions, 'headers' | 'username' | 'password'>;

const bearer = (user: string): Asking => ({headers: {authorization: `Bearer ${user}`}});

async function askedBy(control: string, first: Asking, second: Asking): Promise<boolean> {
	await using origin = await startOrigin({headers: {'cache-control': control}});
	await using session = new CachedSession(shared);
	await session.get(origin.url, first);
	return (await session.get(origin.url, second)).isFromCache;
}

describe('a shared cache', () => {
	it.each(stories)('%s', (_name, ...steps) => runSteps(steps, shared));

	it.each([
		['max-age', 'max-age=60', false],
		['public', 'max-age=60, public', true],
		['s-maxage', 's-maxage=60', true],
		['must-revalidate', 'max-age=60, must-revalidate', true],
	])('gives what an authorised user got to another one with %s (RFC 9111 §3.5)', async (_name, control, isShared) => {
		expect(await askedBy(control, bearer('anna'), bearer('ben'))).toBe(isShared);
		expect(await askedBy(control, bearer('anna'), {})).toBe(isShared);
		expect(await askedBy(control, {username: 'anna', password: 'x'}, bearer('ben'))).toBe(isShared);
	});

	it('gives what anybody got to an authorised user', async () => {
		expect(await askedBy('max-age=60', {}, bearer('anna'))).toBe(true);
	});

	it.each<[string, Asking]>([
		['cookies', {headers: {cookie: 'user=anna'}}],
		['API keys', {headers: {'x-api-key': 'anna'}}],
	])('still tells users apart by their %s', async (_name, options) => {
		expect(await askedBy('public, max-age=60', options, {})).toBe(false);
	});

	it('leaves Authorization in the identity without cacheControl', async () => {
		await using origin = await startOrigin();
		await using session = new CachedSession({shared: true});
		await session.get(origin.url, bearer('anna'));
		expect((await session.get(origin.url, bearer('ben'))).isFromCache).toBe(false);
	});
});

describe('a token that a hook adds', () => {
	let warn: jest.SpiedFunction<typeof process.emitWarning>;
	beforeEach(() => {
		warn = jest.spyOn(process, 'emitWarning').mockImplementation(() => undefined);
	});
	afterEach(() => warn.mockRestore());

	it('is known to a shared cache too, which then stores nothing', async () => {
		await using origin = await startOrigin({headers: {'cache-control': 'max-age=60'}});
		await using session = new CachedSession({
			...shared,
			hooks: {beforeRequest: [({headers}) => void Object.assign(headers, {authorization: 'Bearer anna'})]},
		});
		await session.get(origin.url);
		expect((await session.get(origin.url)).isFromCache).toBe(false);
		expect(warn).toHaveBeenCalledTimes(1);
	});
});
