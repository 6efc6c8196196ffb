import {fieldLines, type RawHeaders} from '../http/headers.js';
import {parseHttpDate} from '../http/http-date.js';
import {parseDeltaSeconds} from './delta-seconds.js';
import {NO_DIRECTIVES, type ResponseDirectives, responseDirectives} from './response-directives.js';
import {TARGETED_FIELD, targetedDirectives} from './targeted-directives.js';

/** What a response's fields say about caching it, understood. Made once for a set of fields, and kept beside it in memory; never stored. All times are milliseconds. */
export interface ResponseFacts {
	readonly directives: ResponseDirectives;
	/** How long the server says that it is fresh, and by what; `undefined`: it does not say (RFC 9111 §4.2.1). */
	readonly explicit: ExplicitLifetime | undefined;
	/** Whether it must not be used stale, whoever permits it (RFC 9111 §4.2.4). */
	readonly forbidsStale: boolean;
	/** `Date`, in epoch milliseconds; `undefined`: missing, repeated or none. */
	readonly date: number | undefined;
	/** `Age`, 0 where there is none that can be read. */
	readonly age: number;
	/** `Last-Modified`, in epoch milliseconds; `undefined`: missing, repeated or none. */
	readonly lastModified: number | undefined;
	/** Fields that may not be stored: those of `no-cache="field"`, and in a shared cache those of `private="field"`, in lower case. */
	readonly unstorableFields: readonly string[];
}

/** A freshness lifetime as the server gave it. */
export interface ExplicitLifetime {
	/** 0 or less: stale at once. */
	readonly milliseconds: number;
	readonly basis: 'sMaxage' | 'maxAge' | 'expires';
}

/** What is known of a response where its fields do not count: without `cacheControl`. */
export const NO_FACTS: ResponseFacts = Object.freeze({
	directives: NO_DIRECTIVES,
	explicit: undefined,
	forbidsStale: false,
	date: undefined,
	age: 0,
	lastModified: undefined,
	unstorableFields: [],
});

const knownToPrivate = new WeakMap<RawHeaders, ResponseFacts>();
const knownToShared = new WeakMap<RawHeaders, ResponseFacts>();

/**
 * The facts about a response. The same object for the same `rawHeaders`, so that a hit reads nothing anew. Never throws.
 *
 * @param response - `responseTime` is when it arrived, in epoch milliseconds.
 * @param shared - Whether the cache is a shared one.
 */
export function responseFacts(
	{rawHeaders, responseTime}: {readonly rawHeaders: RawHeaders; readonly responseTime: number},
	shared: boolean,
): ResponseFacts {
	const known = shared ? knownToShared : knownToPrivate;
	let facts = known.get(rawHeaders);
	if (facts === undefined) {
		facts = readFacts(rawHeaders, responseTime, shared);
		known.set(rawHeaders, facts);
	}
	return facts;
}

/**
 * Whether the server must be asked before each use of a stored response (RFC 9111 §5.2.2.4). As {@link responseFacts} has it, but read only where
 * the fields so much as mention it: a record that comes from a store on disk brings new fields with every hit.
 */
export function demandsAsking(
	response: {readonly rawHeaders: RawHeaders; readonly responseTime: number},
	shared: boolean,
): boolean {
	return mentionsNoCache(response.rawHeaders) && responseFacts(response, shared).directives.noCache;
}

/** Looks at fields by the length of their names, which nearly always tells that they are others. */
function mentionsNoCache(rawHeaders: RawHeaders): boolean {
	for (let index = 0; index + 1 < rawHeaders.length; index += 2) {
		const {length} = rawHeaders[index]!;
		if (
			(length === 'cache-control'.length || length === TARGETED_FIELD.length) &&
			NO_CACHE.test(rawHeaders[index + 1]!)
		) {
			return true;
		}
	}
	return false;
}

const NO_CACHE = /no-cache/i;

function readFacts(rawHeaders: RawHeaders, responseTime: number, shared: boolean): ResponseFacts {
	const targeted = shared ? targetedDirectives(rawHeaders) : undefined;
	const directives = targeted ?? responseDirectives(rawHeaders);
	const date = singleDate(rawHeaders, 'date', responseTime);
	const isBoundHere = shared && (directives.proxyRevalidate || directives.sMaxage !== undefined);
	return {
		directives,
		explicit:
			lifetimeByDirective(directives, shared) ??
			(targeted ? undefined : lifetimeByExpires(rawHeaders, date ?? responseTime, responseTime)),
		forbidsStale: directives.noCache || directives.mustRevalidate || isBoundHere,
		date,
		age: ageOf(rawHeaders),
		lastModified: singleDate(rawHeaders, 'last-modified', responseTime),
		unstorableFields: shared ? [...directives.noCacheFields, ...directives.privateFields] : directives.noCacheFields,
	};
}

function lifetimeByDirective({sMaxage, maxAge}: ResponseDirectives, shared: boolean): ExplicitLifetime | undefined {
	if (shared && sMaxage !== undefined) {
		return {milliseconds: sMaxage * 1000, basis: 'sMaxage'};
	}
	return maxAge === undefined ? undefined : {milliseconds: maxAge * 1000, basis: 'maxAge'};
}

/** An `Expires` that is repeated, or no date, means stale (RFC 9111 §4.2.1 and §5.3). */
function lifetimeByExpires(rawHeaders: RawHeaders, date: number, now: number): ExplicitLifetime | undefined {
	if (fieldLines(rawHeaders, 'expires').length === 0) {
		return undefined;
	}
	const expires = singleDate(rawHeaders, 'expires', now);
	return {milliseconds: expires === undefined ? 0 : expires - date, basis: 'expires'};
}

function singleDate(rawHeaders: RawHeaders, name: string, now: number): number | undefined {
	const [value, ...others] = fieldLines(rawHeaders, name);
	return value !== undefined && others.length === 0 ? parseHttpDate(value, now) : undefined;
}

/** Of several values the first counts, and one that is no number of seconds does not (RFC 9111 §5.1, https://www.rfc-editor.org/rfc/rfc9111#section-5.1). */
function ageOf(rawHeaders: RawHeaders): number {
	const [first] = fieldLines(rawHeaders, 'age').join().split(',');
	return (parseDeltaSeconds(first?.trim()) ?? 0) * 1000;
}
