import {type CacheStatus, cacheStatus} from '../policy/cache-status.js';
import type {SessionResponse} from './session-response.js';

/** What the cache did for a response, or `undefined` where none took part. @param now - epoch milliseconds at which it was given */
export function cacheStatusOf({decision, cached, statusCode}: SessionResponse, now: number): CacheStatus | undefined {
	return (
		decision &&
		cacheStatus(decision.plan, decision.verdict, {
			now,
			expires: cached?.expires,
			forwardStatus: decision.forwardStatus,
			status: statusCode,
			hasOtherVariants: decision.hasOtherVariants,
			isShared: decision.isShared,
			hasStoreFailed: cached === undefined,
			key: cached?.key,
		})
	);
}
