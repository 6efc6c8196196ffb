import type {Response} from 'got';
import type {CacheStatus} from '../policy/cache-status.js';

/** What every response of a session tells, fresh or cached. The names are those of got and of aiohttp-client-cache. */
export interface CachedResponseFacts {
	/** Whether it was served from the cache without a transfer of its body. */
	readonly isFromCache: boolean;
	/** When the body was received. */
	readonly createdAt: Date;
	/** When it stops being fresh; `undefined`: never, or it is not stored. */
	readonly expires: Date | undefined;
	/** Whether it has stopped being fresh by now. */
	readonly isExpired: boolean;
	/** The key under which it is stored; `undefined` where it is not. */
	readonly cacheKey: string | undefined;
	/** What the cache did, and why (RFC 9211): a record, and as text (`String(response.cacheStatus)`) a `Cache-Status` field. `undefined` where no cache took part. */
	readonly cacheStatus: CacheStatus | undefined;
}

/** got's response, with what the cache knows of it. */
export type CachedResponse<T = unknown> = Response<T> & CachedResponseFacts;
