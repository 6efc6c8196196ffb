import type {CachedSessionError} from '../errors.js';

/** The events of a session. */
export interface SessionEvents {
	/** A fault of the cache; the request that met it went on without. Once a cause, until the store works again. Without a listener it is a process warning. */
	error: [error: CachedSessionError];
}
