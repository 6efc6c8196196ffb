import type {SessionResponse} from './session-response.js';

/** What a request that others waited for has to give them. */
export interface SharedResponse {
	readonly response: SessionResponse;
	/** The request fields that chose it, and their values; `undefined` without `Vary`. */
	readonly vary: {readonly fields: readonly string[]; readonly values: readonly string[]} | undefined;
}
