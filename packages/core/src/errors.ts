/** The codes of this library's errors; they stay the same where messages may change. */
export type CachedSessionErrorCode =
	| 'ERR_INVALID_OPTION'
	| 'ERR_SESSION_CLOSED'
	| 'ERR_CACHE_CLOSED'
	| 'ERR_CACHE_FAULT'
	| 'ERR_CACHE_TIMEOUT'
	| 'ERR_INTERCEPTOR_CONFLICT'
	| 'ERR_MISSING_PACKAGE';

/** The base of every error of this library. got's own errors, `CacheError` among them, are not of this family. */
export class CachedSessionError extends Error {
	/** Stable, for programs. */
	readonly code: CachedSessionErrorCode;

	constructor(code: CachedSessionErrorCode, message: string, options?: ErrorOptions) {
		super(message, options);
		this.name = new.target.name;
		this.code = code;
	}
}

/** An option that cannot be used. Thrown where it is given: by a constructor, or by the call that has it. */
export class InvalidOptionError extends CachedSessionError {
	/** The option's name. */
	readonly option: string;

	constructor(option: string, given: unknown, accepted: string) {
		super('ERR_INVALID_OPTION', `Option '${option}': got ${describe(given)}; accepted: ${accepted}`);
		this.option = option;
	}
}

/** A fault of the place where responses are kept. It reaches users as an `error` event, or as a rejection under `onCacheError: 'throw'`. */
export class CacheFaultError extends CachedSessionError {
	/** What the cache was asked to do: `read`, `write`, … */
	readonly operation: string;

	constructor(operation: string, cause: unknown) {
		const reason = cause instanceof Error ? cause.message : String(cause);
		super('ERR_CACHE_FAULT', `The cache failed to ${operation}: ${reason}`, {cause});
		this.operation = operation;
	}
}

/** Checks the names of options. @throws InvalidOptionError for the first one that is not in `known` */
export function rejectUnknownOptions(options: object, known: ReadonlySet<string>, owner: string): void {
	for (const [name, value] of Object.entries(options)) {
		if (!known.has(name)) {
			// It may be a password under a name that was misspelt.
			throw new InvalidOptionError(name, new Unsaid(value), `an option of ${owner}: ${[...known].sort().join(', ')}`);
		}
	}
}

/** Stands for a value that may be a secret, which messages must not have in them. */
export class Unsaid {
	/** What is said of it. */
	readonly text: string;

	constructor(value: unknown) {
		this.text = value === '' ? 'an empty string' : `a value of the type ${typeof value}`;
	}
}

function describe(value: unknown): string {
	if (value instanceof Unsaid) {
		return value.text;
	}
	if (typeof value === 'string') {
		return JSON.stringify(value);
	}
	if (typeof value === 'function') {
		return `a function${value.name ? ` (${value.name})` : ''}`;
	}
	if (typeof value === 'object' && value !== null) {
		const name = (value as object).constructor?.name;
		return Array.isArray(value) ? 'an array' : `an object${name && name !== 'Object' ? ` (${name})` : ''}`;
	}
	return String(value);
}
