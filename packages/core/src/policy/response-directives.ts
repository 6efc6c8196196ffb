import {isToken, type ListedDirective, parseDirectives, splitList} from '../http/field-list.js';
import {fieldLines, type RawHeaders} from '../http/headers.js';
import {secondsOf, smallest} from './delta-seconds.js';

/** What a response's `Cache-Control` says (RFC 9111 §5.2.2). All numbers are seconds; `undefined`: it says nothing. */
export interface ResponseDirectives {
	/** 0 also where the argument is no number, which counts as stale (RFC 9111 §4.2.1). */
	readonly maxAge: number | undefined;
	/** As `maxAge`, for shared caches. */
	readonly sMaxage: number | undefined;
	/** RFC 5861 §3. */
	readonly staleWhileRevalidate: number | undefined;
	/** RFC 5861 §4. */
	readonly staleIfError: number | undefined;
	/** The server must be asked before each use. Not set by `no-cache="field"`. */
	readonly noCache: boolean;
	/** Fields that may not be used unless the server was asked: those of `no-cache="field"`, in lower case. */
	readonly noCacheFields: readonly string[];
	readonly noStore: boolean;
	/** For one user. Not set by `private="field"`. */
	readonly isPrivate: boolean;
	/** Fields for one user: those of `private="field"`, in lower case. */
	readonly privateFields: readonly string[];
	readonly isPublic: boolean;
	readonly mustRevalidate: boolean;
	readonly proxyRevalidate: boolean;
	readonly mustUnderstand: boolean;
	/** RFC 8246. */
	readonly immutable: boolean;
}

/** What a response says that has no `Cache-Control`. */
export const NO_DIRECTIVES: ResponseDirectives = Object.freeze({
	maxAge: undefined,
	sMaxage: undefined,
	staleWhileRevalidate: undefined,
	staleIfError: undefined,
	noCache: false,
	noCacheFields: [],
	noStore: false,
	isPrivate: false,
	privateFields: [],
	isPublic: false,
	mustRevalidate: false,
	proxyRevalidate: false,
	mustUnderstand: false,
	immutable: false,
});

/** {@link ResponseDirectives} while they are read. */
export type DirectivesInMaking = {-readonly [Name in keyof ResponseDirectives]: ResponseDirectives[Name]};

type Numeric = 'maxAge' | 'sMaxage' | 'staleWhileRevalidate' | 'staleIfError';
type Flag = 'noStore' | 'isPublic' | 'mustRevalidate' | 'proxyRevalidate' | 'mustUnderstand' | 'immutable';

/** Directives with a number of seconds. Each works against the cache's freedom where it is broken: 0. */
export const NUMERIC_DIRECTIVES: ReadonlyMap<string, Numeric> = new Map([
	['max-age', 'maxAge'],
	['s-maxage', 'sMaxage'],
	['stale-while-revalidate', 'staleWhileRevalidate'],
	['stale-if-error', 'staleIfError'],
]);

/** Directives without an argument. */
export const FLAG_DIRECTIVES: ReadonlyMap<string, Flag> = new Map([
	['no-store', 'noStore'],
	['public', 'isPublic'],
	['must-revalidate', 'mustRevalidate'],
	['proxy-revalidate', 'proxyRevalidate'],
	['must-understand', 'mustUnderstand'],
	['immutable', 'immutable'],
]);

/** Of the flags, those that permit something: they count only when they are well formed. */
const PERMISSIONS: ReadonlySet<Flag> = new Set(['isPublic', 'immutable']);

/**
 * The directives of a response's `Cache-Control` (RFC 9111 §5.2.2, https://www.rfc-editor.org/rfc/rfc9111#section-5.2.2). Never throws.
 * Where one is repeated the shortest time counts, which is never more than the first one, and where it cannot be read 0 does (RFC 9111 §4.2.1).
 */
export function responseDirectives(rawHeaders: RawHeaders): ResponseDirectives {
	const lines = fieldLines(rawHeaders, 'cache-control');
	if (lines.length === 0) {
		return NO_DIRECTIVES;
	}
	const directives: DirectivesInMaking = {...NO_DIRECTIVES};
	for (const directive of parseDirectives(lines)) {
		addDirective(directives, directive);
	}
	return directives;
}

/** Adds what a field list says to `no-cache` or `private`: the whole response, unless it is a list of field names. */
export function addFieldList(
	directives: DirectivesInMaking,
	name: 'no-cache' | 'private',
	argument: string | undefined,
): void {
	const fields = argument === undefined ? [] : splitList(argument).map(field => field.toLowerCase());
	const isList = fields.length > 0 && fields.every(isToken);
	if (name === 'no-cache') {
		directives.noCache ||= !isList;
		directives.noCacheFields = isList ? [...directives.noCacheFields, ...fields] : directives.noCacheFields;
	} else {
		directives.isPrivate ||= !isList;
		directives.privateFields = isList ? [...directives.privateFields, ...fields] : directives.privateFields;
	}
}

function addDirective(directives: DirectivesInMaking, directive: ListedDirective): void {
	const {name} = directive;
	const numeric = NUMERIC_DIRECTIVES.get(name);
	const flag = FLAG_DIRECTIVES.get(name);
	if (numeric) {
		directives[numeric] = smallest(directives[numeric], secondsOf(directive) ?? 0);
	} else if (flag) {
		directives[flag] ||= directive.isWellFormed || !PERMISSIONS.has(flag);
	} else if (name === 'no-cache' || name === 'private') {
		addFieldList(directives, name, directive.argument);
	}
}
