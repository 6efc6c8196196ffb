import {type ListedDirective, parseDirectives} from '../http/field-list.js';
import {type RequestHeaders, requestHeader} from '../http/headers.js';
import {secondsOf, smallest} from './delta-seconds.js';

/** What a request's `Cache-Control` demands of a cache (RFC 9111 §5.2.1). All numbers are seconds; `undefined`: it says nothing. */
export interface RequestDirectives {
	/** The age up to which a stored response will do. */
	readonly maxAge: number | undefined;
	/** For how long a response may be stale; `Infinity` for any time. */
	readonly maxStale: number | undefined;
	/** For how long a response must go on being fresh. */
	readonly minFresh: number | undefined;
	/** For how long a stale response may stand in for a failing server (RFC 5861 §4). */
	readonly staleIfError: number | undefined;
	/** The server must be asked. `Pragma: no-cache` says the same where there is no `Cache-Control` (RFC 9111 §5.4). */
	readonly noCache: boolean;
	readonly noStore: boolean;
	readonly onlyIfCached: boolean;
}

/** What a request says that has neither of the two fields. */
export const NO_DEMANDS: RequestDirectives = Object.freeze({
	maxAge: undefined,
	maxStale: undefined,
	minFresh: undefined,
	staleIfError: undefined,
	noCache: false,
	noStore: false,
	onlyIfCached: false,
});

type Demands = {-readonly [Name in keyof RequestDirectives]: RequestDirectives[Name]};

/** How each directive changes what is demanded. Of several that contradict each other, the one that demands more counts; a malformed one that would permit something counts for nothing. */
const DEMANDS: ReadonlyMap<string, (demands: Demands, directive: ListedDirective) => void> = new Map([
	[
		'max-age',
		(demands, directive) => {
			// An age that cannot be read is still a wish for something young.
			demands.maxAge = smallest(demands.maxAge, secondsOf(directive) ?? 0);
		},
	],
	[
		'max-stale',
		(demands, directive) => {
			const hasNoLimit = directive.isWellFormed && directive.argument === undefined;
			const seconds = hasNoLimit ? Number.POSITIVE_INFINITY : secondsOf(directive);
			demands.maxStale = seconds === undefined ? demands.maxStale : smallest(demands.maxStale, seconds);
		},
	],
	[
		'min-fresh',
		(demands, directive) => {
			demands.minFresh = Math.max(demands.minFresh ?? 0, secondsOf(directive) ?? 0);
		},
	],
	[
		'stale-if-error',
		(demands, directive) => {
			demands.staleIfError = smallest(demands.staleIfError, secondsOf(directive) ?? 0);
		},
	],
	[
		'no-cache',
		demands => {
			demands.noCache = true;
		},
	],
	[
		'no-store',
		demands => {
			demands.noStore = true;
		},
	],
	[
		'only-if-cached',
		demands => {
			demands.onlyIfCached = true;
		},
	],
] satisfies Array<[string, (demands: Demands, directive: ListedDirective) => void]>);

const known = new WeakMap<RequestHeaders, RequestDirectives>();

/**
 * What a request demands (RFC 9111 §5.2.1, https://www.rfc-editor.org/rfc/rfc9111#section-5.2.1). The same object for the same `headers`;
 * {@link NO_DEMANDS} where they have nothing to say. Never throws.
 */
export function requestDirectives(headers: RequestHeaders): RequestDirectives {
	if (headers['cache-control'] === undefined && headers['pragma'] === undefined) {
		return NO_DEMANDS;
	}
	let directives = known.get(headers);
	if (directives === undefined) {
		directives = readDirectives(headers);
		known.set(headers, directives);
	}
	return directives;
}

function readDirectives(headers: RequestHeaders): RequestDirectives {
	const cacheControl = headers['cache-control'];
	if (cacheControl === undefined) {
		const pragma = parseDirectives([requestHeader(headers, 'pragma') ?? '']);
		return pragma.some(({name}) => name === 'no-cache') ? {...NO_DEMANDS, noCache: true} : NO_DEMANDS;
	}
	const demands: Demands = {...NO_DEMANDS};
	for (const directive of parseDirectives(typeof cacheControl === 'string' ? [cacheControl] : cacheControl)) {
		DEMANDS.get(directive.name)?.(demands, directive);
	}
	return Object.freeze(demands);
}
