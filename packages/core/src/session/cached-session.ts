import {Mixin} from 'ts-mixer';
import {InvalidOptionError} from '../errors.js';
import {CACHE_OPTION_NAMES, CacheMixin, type CacheMixinOptions} from './cache-mixin.js';
import {ClientSession, type ClientSessionOptions} from './client-session.js';
import {GOT_OPTION_NAMES} from './got-options.js';

/** Options of a {@link CachedSession}: got's, and the cache's. */
export interface CachedSessionOptions extends ClientSessionOptions, CacheMixinOptions {}

/** A got session with a cache: `Mixin(CacheMixin, ClientSession)`. Extend it, or mix your own from the parts. */
export class CachedSession extends Mixin(CacheMixin, ClientSession) {
	/** @throws InvalidOptionError naming the option that cannot be used; what got throws for its own. A subclass may have options that are not known here. */
	constructor(options: CachedSessionOptions = {}) {
		if (new.target === CachedSession) {
			checkNames(options);
		}
		super(options);
	}
}

function checkNames(options: object): void {
	for (const [name, value] of Object.entries(options)) {
		if (name !== 'got' && !GOT_OPTION_NAMES.has(name) && !CACHE_OPTION_NAMES.has(name)) {
			throw new InvalidOptionError(name, value, "an option of got, 'got', or an option of the cache");
		}
	}
}
