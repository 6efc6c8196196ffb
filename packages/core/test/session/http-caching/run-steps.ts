import type {OutgoingHttpHeaders} from 'node:http';
import {expect} from '@jest/globals';
import {moveClock} from '../../../../../test-support/moved-clock.js';
import {type OriginReply, startOrigin} from '../../../../../test-support/origin-server.js';
import {CachedSession, type CachedSessionOptions, type RequestOptions} from '../../../src/index.js';

/** One request of a story, and what must become of it. */
export interface Step {
	/** Seconds that pass before it. */
	readonly after?: number;
	/** Path and query. @default '/' */
	readonly path?: string;
	readonly method?: RequestOptions['method'];
	readonly headers?: Readonly<Record<string, string | string[]>>;
	readonly options?: RequestOptions;
	/** What the origin answers from now on, with the `Date` of that moment. */
	readonly reply?: OriginReply;
	/** Request fields that reach the origin, `undefined` for those that must not; `false`: nothing is sent. */
	readonly sent: Readonly<Record<string, unknown>> | false;
	/** What the caller gets. */
	readonly gives?: object;
}

/** A story: its name, and its steps in order. */
export type Story = readonly [name: string, ...steps: Step[]];

/** Tells a story to a session for which the server decides, and to an origin. */
export async function runSteps(steps: readonly Step[], settings: CachedSessionOptions = {}): Promise<void> {
	using clock = moveClock();
	let reply: OriginReply = {};
	await using origin = await startOrigin(() => ({
		...reply,
		headers: {date: new Date(Date.now()).toUTCString(), ...reply.headers},
	}));
	await using session = new CachedSession({
		cacheControl: true,
		throwHttpErrors: false,
		retry: {limit: 0},
		...settings,
	});
	for (const [index, step] of steps.entries()) {
		clock.advance(step.after ?? 0);
		reply = step.reply ?? reply;
		origin.requests.length = 0;
		const {path = '/', method, headers, options} = step;
		const response = (await session.request(`${origin.url}${path}`, {
			...options,
			...(method && {method}),
			...(headers && {headers}),
		})) as object;
		await session.idle();
		const label = `request ${index + 1}`;
		expect([label, origin.requests.length]).toEqual([label, step.sent === false ? 0 : 1]);
		for (const [name, value] of Object.entries(step.sent || {})) {
			expect([label, name, origin.requests[0]?.headers[name]]).toEqual([label, name, value]);
		}
		if (step.gives) {
			expect({label, ...pick(response, step.gives)}).toMatchObject({label, ...step.gives});
		}
	}
}

function pick(response: object, names: object): object {
	return Object.fromEntries(Object.keys(names).map(name => [name, (response as Record<string, unknown>)[name]]));
}

/** A story that asks twice, so many seconds apart: whether the second answer comes from the store. */
export function twice(
	name: string,
	headers: Readonly<Record<string, string | string[]>>,
	{after = 3, isReused, ...second}: {isReused: boolean} & Omit<Step, 'sent'>,
	status = 200,
): Story {
	return [
		name,
		{reply: {status, headers: {...headers} as OutgoingHttpHeaders, body: 'first'}, sent: {}},
		{after, ...second, ...(isReused ? {sent: false, gives: {body: 'first', isFromCache: true}} : {sent: {}})},
	];
}
