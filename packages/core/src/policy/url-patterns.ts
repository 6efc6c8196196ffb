import {isMatch} from 'matcher';
import {InvalidOptionError} from '../errors.js';
import {EXPIRATION_FORMS, type ParsedExpiration, readExpiration} from './expiration.js';

/** A pattern of `urlsExpireAfter`, ready for use. */
export type UrlPattern =
	/** `glob` is in the language of `matcher`: without a scheme, with special characters escaped, and with an open end. */
	| {readonly kind: 'glob'; readonly glob: string; readonly expiration: ParsedExpiration}
	/** `regExp` is a copy that nobody else has, since matching may move its `lastIndex`. */
	| {readonly kind: 'regExp'; readonly regExp: RegExp; readonly expiration: ParsedExpiration};

const OPTION = 'urlsExpireAfter';
const PATTERNS_FORM = 'an object of globs to expirations, or an array of [glob or RegExp, expiration] pairs';

/**
 * Makes the setting `urlsExpireAfter` ready for use, in the order given.
 *
 * @throws InvalidOptionError where it is of another form, or a pattern is empty, or an expiration is none.
 */
export function compileUrlPatterns(value: unknown): readonly UrlPattern[] {
	return entriesOf(value).map(entry => {
		if (!Array.isArray(entry) || entry.length !== 2) {
			throw new InvalidOptionError(OPTION, entry, PATTERNS_FORM);
		}
		const [pattern, expiration]: unknown[] = entry;
		return compile(pattern, expiration);
	});
}

/**
 * The expiration of the first pattern that matches the URL, or `undefined` where none does. User info and the fragment take no part.
 * Mirrors `url_match` of requests-cache.
 */
export function matchUrl(patterns: readonly UrlPattern[], url: string): ParsedExpiration | undefined {
	if (patterns.length === 0) {
		return undefined;
	}
	const visible = withoutSecrets(url);
	const schemeless = withoutScheme(visible);
	for (const pattern of patterns) {
		if (matches(pattern, visible, schemeless)) {
			return pattern.expiration;
		}
	}
	return undefined;
}

function entriesOf(value: unknown): readonly unknown[] {
	if (Array.isArray(value)) {
		return value;
	}
	const prototype: unknown = typeof value === 'object' && value !== null ? Object.getPrototypeOf(value) : undefined;
	if (prototype === Object.prototype || prototype === null) {
		return Object.entries(value as object);
	}
	throw new InvalidOptionError(OPTION, value, PATTERNS_FORM);
}

function compile(pattern: unknown, value: unknown): UrlPattern {
	const glob = typeof pattern === 'string' ? withoutScheme(withoutSecrets(pattern)) : undefined;
	if (!(glob || pattern instanceof RegExp)) {
		throw new InvalidOptionError(OPTION, glob ?? pattern, 'a RegExp, or a glob that is not empty, as a pattern');
	}
	const expiration = readExpiration(value);
	if (!expiration) {
		throw new InvalidOptionError(OPTION, value, `for the pattern ${String(glob ?? pattern)}: ${EXPIRATION_FORMS}`);
	}
	return glob
		? {kind: 'glob', glob: `${escapeGlob(withHostInLowerCase(glob))}*`, expiration}
		: {kind: 'regExp', regExp: new RegExp(pattern as RegExp), expiration};
}

function matches(pattern: UrlPattern, url: string, schemeless: string): boolean {
	if (pattern.kind === 'glob') {
		return isMatch(schemeless, pattern.glob, {caseSensitive: true});
	}
	// The flags `g` and `y` make `test` go on from where the last call ended.
	pattern.regExp.lastIndex = 0;
	return pattern.regExp.test(url);
}

/** The URL without user info and fragment. */
function withoutSecrets(url: string): string {
	const fragment = url.indexOf('#');
	const visible = fragment < 0 ? url : url.slice(0, fragment);
	if (!visible.includes('@')) {
		return visible;
	}
	return visible.replace(/^([^/?]*\/\/)?[^/?]*@/, '$1');
}

function withoutScheme(url: string): string {
	return url.replace(/^(?:[a-z*][a-z\d+.*-]*:)?\/\//i, '');
}

/** URLs in the WHATWG form have it so. */
function withHostInLowerCase(glob: string): string {
	return glob.replace(/^[^/?]+/, host => host.toLowerCase());
}

/** `matcher` takes a backslash for an escape and a leading `!` for a negation, which a glob of ours does not have. */
function escapeGlob(glob: string): string {
	return glob.replaceAll('\\', '\\\\').replace(/^!/, '\\!');
}
