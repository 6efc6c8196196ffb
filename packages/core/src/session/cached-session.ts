import {Mixin} from 'ts-mixer';
import {rejectUnknownOptions} from '../errors.js';
import {CACHE_OPTION_NAMES, CacheMixin, type CacheMixinOptions} from './cache-mixin.js';
import {ClientSession, type ClientSessionOptions} from './client-session.js';
import {GOT_OPTION_NAMES} from './got/got-options.js';

/** Options of a {@link CachedSession}: got's, and the cache's. */
export interface CachedSessionOptions extends ClientSessionOptions, CacheMixinOptions {}

const OPTION_NAMES: ReadonlySet<string> = new Set(['got', ...CACHE_OPTION_NAMES, ...GOT_OPTION_NAMES]);

/** A got session with a cache: `Mixin(CacheMixin, ClientSession)`. Extend it, or mix your own from the parts. */
export class CachedSession extends Mixin(CacheMixin, ClientSession) {
	/** @throws InvalidOptionError naming the option that cannot be used; what got throws for its own. A subclass may have options that are not known here. */
	constructor(options: CachedSessionOptions = {}) {
		if (new.target === CachedSession) {
			rejectUnknownOptions(options, OPTION_NAMES, 'CachedSession or of got');
		}
		super(options);
	}
}
