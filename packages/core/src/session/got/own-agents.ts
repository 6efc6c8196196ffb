import {Agent as HttpAgent} from 'node:http';
import {Agent as HttpsAgent} from 'node:https';
import type {Agents, Options} from 'got';
import {GOT_MAJOR} from './got-version.js';

const made = new WeakSet<object>();

/** Agents of a session's own, which keep connections open, for the protocols that have none yet. */
export function makeAgents({http, https}: Agents): {http?: HttpAgent; https?: HttpsAgent} {
	const agents = {
		...(http === undefined && {http: new HttpAgent({keepAlive: true})}),
		...(https === undefined && {https: new HttpsAgent({keepAlive: true})}),
	};
	for (const agent of Object.values(agents)) {
		made.add(agent);
	}
	return agents;
}

/** Takes a session's own agents out of the way of options that have no effect beside an agent: `createConnection`, and from got 16 on `http2`. */
export function withdrawAgents(options: Options): void {
	const {agent, createConnection, http2} = options;
	if (createConnection === undefined && !(GOT_MAJOR >= 16 && http2)) {
		return;
	}
	// The names stay, with nothing under them: got 16 takes an object without any of them for an agent.
	const others = Object.entries(agent).map(([name, value]) => [name, value && made.has(value) ? undefined : value]);
	options.agent = Object.fromEntries(others) as Agents;
}
