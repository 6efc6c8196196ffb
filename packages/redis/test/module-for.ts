import type {RedisBackendOptions} from '../src/redis-backend.js';

/** The module that second processes of the contract make their backends with, and what options they give. */
export function moduleFor(options: RedisBackendOptions): URL {
	const module = new URL('fixtures/backend.mjs', import.meta.url);
	module.searchParams.set('options', JSON.stringify(options));
	return module;
}
