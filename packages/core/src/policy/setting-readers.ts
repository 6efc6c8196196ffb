/**
 * One reader for each form that a setting's value can have: it gives the value in the form in which it is used,
 * or throws an `InvalidOptionError` that names the option, what was given and what is accepted.
 */
import {InvalidOptionError, Unsaid} from '../errors.js';
import {DURATION_FORMS, readDuration} from './expiration.js';

/** A method or a field name (RFC 9110 §5.6.2). */
const TOKEN = /^[!#$%&'*+.^_`|~\dA-Za-z-]+$/;

/** `true` or `false`. */
export function readBoolean(option: string, value: unknown): boolean {
	if (typeof value !== 'boolean') {
		throw new InvalidOptionError(option, value, 'true or false');
	}
	return value;
}

/** A function. What it takes and gives cannot be told from outside, so the type is the caller's word. */
export function readFunction<T extends (...parameters: never[]) => unknown>(option: string, value: unknown): T {
	if (typeof value !== 'function') {
		throw new InvalidOptionError(option, value, 'a function');
	}
	return value as T;
}

/** How long a stale response may be served, in milliseconds: 0 for `false` and 0, `Infinity` for `true`. */
export function readStaleWindow(option: string, value: unknown): number {
	if (value === true) {
		return Number.POSITIVE_INFINITY;
	}
	const milliseconds = value === false || value === 0 ? 0 : readDuration(value);
	if (milliseconds === undefined) {
		throw new InvalidOptionError(option, value, `true, false, or ${DURATION_FORMS}`);
	}
	return milliseconds;
}

/** A list of final or other statuses, at least one. */
export function readStatusCodes(option: string, value: unknown): ReadonlySet<number> {
	const accepted = 'an array of integers from 100 to 599, at least one';
	const codes = readArray(option, value, accepted, 1);
	return new Set(codes.map(code => demand(option, code, accepted, isStatusCode)));
}

/** A list of methods, at least one; they come out in upper case. */
export function readMethods(option: string, value: unknown): ReadonlySet<string> {
	const accepted = "an array of method names such as 'GET', at least one";
	const methods = readArray(option, value, accepted, 1);
	return new Set(methods.map(method => demand(option, method, accepted, isToken).toUpperCase()));
}

/** All (`true`), none (`false`), or a list of field names; they come out in lower case, sorted, each once. */
export function readFieldNames(option: string, value: unknown): boolean | readonly string[] {
	if (typeof value === 'boolean') {
		return value;
	}
	const accepted = 'true, false, or an array of header names';
	const names = readArray(option, value, accepted, 0);
	return [...new Set(names.map(name => demand(option, name, accepted, isToken).toLowerCase()))].sort();
}

/** A list of names, none of them empty. */
export function readNames(option: string, value: unknown): readonly string[] {
	const accepted = 'an array of names, none of them empty';
	return readArray(option, value, accepted, 0).map(name => demand(option, name, accepted, isText));
}

/** When cookies are set again. */
export function readReplay(option: string, value: unknown): 'never' | 'ifAbsent' | 'always' {
	if (value !== 'never' && value !== 'ifAbsent' && value !== 'always') {
		throw new InvalidOptionError(option, value, "'never', 'ifAbsent' or 'always'");
	}
	return value;
}

/** A number of bytes, or `Infinity`. */
export function readByteCount(option: string, value: unknown): number {
	if (typeof value !== 'number' || !(value >= 0)) {
		throw new InvalidOptionError(option, value, 'a number of bytes, 0 or above, or Infinity');
	}
	return value;
}

/** Who is asking: a name, a function that gives one, or `false`. */
export function readIdentity<T extends (...parameters: never[]) => unknown>(
	option: string,
	value: unknown,
): string | false | T {
	if (value === false || isText(value)) {
		return value;
	}
	if (typeof value !== 'function') {
		throw new InvalidOptionError(option, value, 'a string that is not empty, false, or a function of the request');
	}
	return value as T;
}

/** A secret. What was given is never part of the message. */
export function readSecret(option: string, value: unknown): string | Uint8Array {
	if ((typeof value === 'string' || value instanceof Uint8Array) && value.length > 0) {
		return value;
	}
	throw new InvalidOptionError(option, new Unsaid(value), 'a string or Uint8Array that is not empty');
}

function readArray(option: string, value: unknown, accepted: string, minimum: number): readonly unknown[] {
	if (!Array.isArray(value) || value.length < minimum) {
		throw new InvalidOptionError(option, value, accepted);
	}
	return value;
}

function demand<T>(option: string, value: unknown, accepted: string, is: (value: unknown) => value is T): T {
	if (!is(value)) {
		throw new InvalidOptionError(option, value, accepted);
	}
	return value;
}

function isStatusCode(value: unknown): value is number {
	return Number.isInteger(value) && (value as number) >= 100 && (value as number) <= 599;
}

function isToken(value: unknown): value is string {
	return typeof value === 'string' && TOKEN.test(value);
}

function isText(value: unknown): value is string {
	return typeof value === 'string' && value !== '';
}
