import type {OptionsWithPagination} from 'got';
import type {RequestSettings} from '../../policy/settings.js';
import type {ClientSession} from '../client-session.js';
import {splitRequestOptions} from '../got/got-options.js';
import type {RequestOptions} from '../session-request.js';
import type {CacheContext} from './to-got.js';

/** Options of a paginated request: got's, with its `pagination`, and the cache's, which hold for every page. */
export type PaginateOptions<T, R> = Omit<
	OptionsWithPagination<T, R>,
	'cache' | 'isStream' | 'url' | 'cacheOptions' | keyof RequestSettings
> &
	RequestSettings;

/** `session.paginate`: got's `paginate`, with every page a request of the session. */
export interface PaginateFunction {
	/**
	 * Goes through the items of all pages, in order; a page is asked for when its first item is wanted.
	 * @throws what got throws for a page, and for options that it does not accept
	 */
	<T, R = unknown>(url: string | URL, options?: PaginateOptions<T, R>): AsyncIterableIterator<T>;
	/** The same. */
	each<T, R = unknown>(url: string | URL, options?: PaginateOptions<T, R>): AsyncIterableIterator<T>;
	/** Collects the items of all pages. With got 16 it needs Node.js 22. */
	all<T, R = unknown>(url: string | URL, options?: PaginateOptions<T, R>): Promise<T[]>;
}

/** Makes a session's `paginate`. */
export function paginateFunctionOf(session: ClientSession): PaginateFunction {
	// Generators, so that what got throws comes with the first item, as from got.
	async function* each<T, R>(url: string | URL, options?: PaginateOptions<T, R>): AsyncGenerator<T, void> {
		yield* session.toGot().paginate.each<T, R>(url, forGot(session, options));
	}
	async function all<T, R>(url: string | URL, options?: PaginateOptions<T, R>): Promise<T[]> {
		return session.toGot().paginate.all<T, R>(url, forGot(session, options));
	}
	return Object.assign(each, {each, all});
}

/** The options as got takes them: those of the session in the `context`. */
function forGot<T, R>(
	session: ClientSession,
	options: PaginateOptions<T, R> | undefined,
): OptionsWithPagination<T, R> | undefined {
	if (options === undefined) {
		return undefined;
	}
	const {init, settings} = splitRequestOptions(options as RequestOptions, session.requestSettingNames);
	const context = settings && ({...init.context, gotClientCache: settings} satisfies CacheContext);
	return (context ? {...init, context} : init) as OptionsWithPagination<T, R>;
}
