import assert from 'node:assert/strict';
import {Agent} from 'node:http';
import got from 'got';
import {CachedSession} from 'got-client-cache';
import {measureInTurns} from './rounds.mjs';

/** A miss that is stored in memory (1 KB), beside got without any cache. Both keep their connection alive. On loopback the origin answers at once, as no real one does. */
export async function miss(origin, options) {
	return measureMiss(origin, options, {path: 'miss', title: 'A miss that is stored (1 KB)'});
}

/** The same from an origin that takes 2 ms: what the work of a miss is beside a server that is really somewhere else. */
export async function nearMiss(origin, options) {
	return measureMiss(origin, options, {path: 'near', title: 'A miss that is stored, from an origin that takes 2 ms'});
}

async function measureMiss(origin, {rounds}, {path, title}) {
	const agents = [new Agent({keepAlive: true}), new Agent({keepAlive: true})];
	const session = new CachedSession({expireAfter: {hours: 1}, agent: {http: agents[0]}});
	const bareGot = got.extend({agent: {http: agents[1]}});
	let calls = 0;
	const freshUrl = () => `${origin.url}/${path}/${calls++}`;
	const contenders = {
		session: async () => (await session.get(freshUrl())).body,
		'got without a cache': async () => (await bareGot(freshUrl())).body,
	};

	const before = await origin.requests();
	const times = await measureInTurns(contenders, {rounds: rounds * 2, sliceMs: 50, batch: 1});
	assert.equal(await origin.requests(), before + calls, 'a miss did not reach the origin');
	await session.close();
	for (const agent of agents) {
		agent.destroy();
	}
	return {
		title,
		times,
		ratios: [{of: 'session', to: 'got without a cache', atMostSlower: 0.1}],
	};
}
