import {Agent} from 'node:http';
import {describe, expect, it} from '@jest/globals';
import defaultGot from 'got';
import {startOrigin} from '../../../../test-support/origin-server.js';
import {CacheBackend, CachedSession, ClientSession} from '../../src/index.js';
import {startMirror} from './start-mirror.js';

describe('a got instance', () => {
	it('gives its defaults, hooks and handlers', async () => {
		await using origin = await startMirror();
		const seen: string[] = [];
		const got = defaultGot.extend({
			prefixUrl: `${origin.url}/base`,
			headers: {'x-custom': 'from got'},
			responseType: 'json',
			hooks: {beforeRequest: [() => void seen.push('hook')], init: [() => void seen.push('init')]},
			handlers: [
				(options, next) => {
					seen.push('handler');
					return next(options);
				},
			],
		});
		await using session = new CachedSession({got});
		seen.length = 0;

		const {body} = await session.get('path', {responseType: 'json'});
		expect(body).toMatchObject({method: 'GET', url: '/base/path', custom: 'from got'});
		expect(seen.filter(step => step !== 'init')).toEqual(['handler', 'hook']);

		seen.length = 0;
		const hit = await session.get('path', {responseType: 'json'});
		expect(hit.body).toEqual(body);
		expect(hit.isFromCache).toBe(true);
		expect(seen).not.toContain('handler');
		expect(seen).not.toContain('hook');
	});

	it('runs its init hooks as often as got does, once a request', async () => {
		await using origin = await startMirror();
		const paths: unknown[] = [];
		const got = defaultGot.extend({
			hooks: {
				init: [
					raw => {
						if (raw.context) {
							paths.push(raw.context['path']);
							raw.searchParams = {from: 'init'};
						}
					},
				],
			},
		});
		await got(origin.url, {context: {path: 'plain'}});
		const expected = paths.map(() => 'session');
		paths.length = 0;

		await using session = new CachedSession({got});
		await session.get(origin.url, {context: {path: 'session'}});
		expect(paths).toEqual(expected);
		expect(origin.requests.map(({url}) => url)).toEqual(['/?from=init', '/?from=init']);
	});

	it('is merged with options of the session, which win', async () => {
		await using origin = await startMirror();
		const got = defaultGot.extend({headers: {'x-custom': 'of got', 'x-other': 'stays'}});
		await using session = new ClientSession({got, headers: {'x-custom': 'of the session'}});
		await session.get(origin.url);
		expect(origin.requests[0]?.headers).toMatchObject({'x-custom': 'of the session', 'x-other': 'stays'});
		await got(origin.url);
		expect(origin.requests[1]?.headers).toMatchObject({'x-custom': 'of got'});
	});

	it('with mutable defaults is used as it is, and seen to change', async () => {
		await using origin = await startMirror();
		const got = defaultGot.extend({mutableDefaults: true, headers: {'x-custom': 'one'}});
		await using session = new CachedSession({got, includeHeaders: ['x-custom']});
		const first = await session.get(origin.url);
		got.defaults.options.headers['x-custom'] = 'two';
		const second = await session.get(origin.url);
		got.defaults.options.headers['x-custom'] = 'one';
		const third = await session.get(origin.url);

		expect([first, second, third].map(({isFromCache}) => isFromCache)).toEqual([false, false, true]);
		expect(third.body).toBe(first.body);
		expect(second.body).toContain('"custom":"two"');
	});

	it('that streams by default still gives promises', async () => {
		await using origin = await startMirror();
		await using session = new CachedSession({got: defaultGot.extend({isStream: true})});
		const miss = await session.get(origin.url);
		const hit = await session.get(origin.url);
		expect(hit.body).toBe(miss.body);
	});

	it('has its own cache switched off', async () => {
		await using origin = await startOrigin({headers: {'cache-control': 'max-age=100'}, body: 'x'});
		const map = new Map<string, unknown>();
		await using session = new ClientSession({got: defaultGot.extend({cache: map})});
		await session.get(origin.url);
		await session.get(origin.url);
		expect(origin.requests).toHaveLength(2);
		expect(map.size).toBe(0);
	});

	it('keeps the agent that it has, and lends the session none of its own', async () => {
		await using origin = await startOrigin();
		const agent = new Agent({keepAlive: true});
		const got = defaultGot.extend({agent: {http: agent}});
		const session = new CachedSession({got, cache: new CacheBackend()});
		expect(session.got.defaults.options.agent.http).toBe(agent);
		await session.get(origin.url).text();
		await session.close();
		agent.destroy();
	});
});
