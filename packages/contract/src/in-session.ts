import type {IncomingMessage} from 'node:http';
import {type CacheBackend, CachedSession, type CachedSessionOptions} from 'got-client-cache';
import {type Answer, type Origin, startOrigin} from './origin.js';

/** A session on a backend, and an origin to ask. */
export interface SessionContext {
	readonly session: CachedSession;
	readonly origin: Origin;
	/** Another session, which is closed in the end. */
	openSession(backend: CacheBackend, options?: CachedSessionOptions): CachedSession;
}

/** Runs with a session whose faults of the cache reject, and with an origin of its own; closes both. */
export async function inSession(
	backend: CacheBackend,
	options: CachedSessionOptions,
	answer: (request: IncomingMessage, count: number) => Answer,
	run: (context: SessionContext) => Promise<void>,
): Promise<void> {
	const origin = await startOrigin(answer);
	const sessions: CachedSession[] = [];
	const openSession = (cache: CacheBackend, own: CachedSessionOptions = {}) => {
		// A cache that fails must fail the test, where it would otherwise be a miss.
		const all: CachedSessionOptions = {expireAfter: '1h', ...options, onCacheError: 'throw', retry: {limit: 0}, ...own};
		const session = new CachedSession({...all, cache});
		// They reject, too; without a listener each would be a warning.
		session.on('error', () => undefined);
		sessions.push(session);
		return session;
	};
	try {
		await run({session: openSession(backend), origin, openSession});
	} finally {
		await Promise.allSettled(sessions.map(async session => session.close()));
		await origin.close();
	}
}
