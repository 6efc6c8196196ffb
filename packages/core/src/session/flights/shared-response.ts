import type {StoredResponse} from '../../http/response.js';
import type {SessionResponse} from '../session-response.js';

/** What a request that others waited for has to give them. */
export interface SharedResponse {
	readonly response: SessionResponse;
	/** What is stored of it, or would be. */
	readonly record: StoredResponse;
	/** The request fields that chose it, and their values; `undefined` without `Vary`. */
	readonly vary: {readonly fields: readonly string[]; readonly values: readonly string[]} | undefined;
	/** Whether it is a stale response that stands in for a failure: only for those who accept one. */
	readonly isStandby: boolean;
}
