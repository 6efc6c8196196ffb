/** The settings that shape keys, resolved: a session's own over its backend's, functions already called. See the members of `CacheSettings` with the same names. */
export interface KeySettings {
	/** `false`: none; `true`: all that {@link includedHeaders} takes; or names in lower case. */
	readonly includeHeaders: boolean | readonly string[];
	/** As the user wrote them. The list must not be changed afterwards: what is derived from it is kept. */
	readonly ignoredParams: readonly string[];
	/** Turns selectors and identity digests into HMACs. */
	readonly secretKey: string | Uint8Array | undefined;
	/** What the setting says, or what its function gave for this request. `undefined`: the request's credentials. */
	readonly identity: string | false | undefined;
	/** Whether `Authorization` is left out of the credentials: a shared cache stores what authorised requests got only where the answer allows it (RFC 9111 §3.5). @default false */
	readonly sharesAuthorized?: boolean | undefined;
}

/** `ignoredParams` in the forms in which they are looked up. */
export interface IgnoredNames {
	/** As given: names of cookies, and paths of JSON members. */
	readonly exact: ReadonlySet<string>;
	/** In lower case: names of headers. */
	readonly headers: ReadonlySet<string>;
	/** Their UTF-8 bytes as a binary string, like the names that `pairName` gives: names in queries and forms. */
	readonly pairs: ReadonlySet<string>;
}

const known = new WeakMap<readonly string[], IgnoredNames>();

/** The names of the list for looking up, or `undefined` where it is empty. Derived once a list. */
export function ignoredNames(ignoredParams: readonly string[]): IgnoredNames | undefined {
	if (ignoredParams.length === 0) {
		return undefined;
	}
	let names = known.get(ignoredParams);
	if (names === undefined) {
		names = {
			exact: new Set(ignoredParams),
			headers: new Set(ignoredParams.map(name => name.toLowerCase())),
			pairs: new Set(ignoredParams.map(name => Buffer.from(name).toString('latin1'))),
		};
		known.set(ignoredParams, names);
	}
	return names;
}
