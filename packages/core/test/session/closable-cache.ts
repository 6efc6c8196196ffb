import {MemoryCache} from '../../src/index.js';

/** A store that counts how often it was closed. */
export class ClosableCache extends MemoryCache {
	closed = 0;

	override close(): void {
		this.closed++;
	}
}
