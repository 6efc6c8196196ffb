/**
 * Header fields as they came over the wire: `[name, value, name, value, …]`, in order and in their own case, like `rawHeaders` of node:http.
 * Everything here treats names without regard to case (RFC 9110 §5.1).
 */
export type RawHeaders = readonly string[];

/** Request headers as got keeps them: names in lower case. */
export type RequestHeaders = Readonly<Record<string, string | readonly string[] | undefined>>;

/** The values of all field lines called `name` (given in lower case), in order. */
export function fieldLines(rawHeaders: RawHeaders, name: string): string[] {
	const lines: string[] = [];
	for (let index = 0; index + 1 < rawHeaders.length; index += 2) {
		const fieldName = rawHeaders[index]!;
		if (fieldName.length === name.length && fieldName.toLowerCase() === name) {
			lines.push(rawHeaders[index + 1]!);
		}
	}
	return lines;
}

/** The combined value of the field called `name` (given in lower case), or `undefined` where there is no such field (RFC 9110 §5.3). */
export function fieldValue(rawHeaders: RawHeaders, name: string): string | undefined {
	const lines = fieldLines(rawHeaders, name);
	return lines.length === 0 ? undefined : lines.join(', ');
}

/** The value of a request header (given in lower case) as one string, or `undefined` where it was not sent. */
export function requestHeader(headers: RequestHeaders, name: string): string | undefined {
	const value = headers[name];
	return typeof value === 'object' ? value.join(', ') : value;
}

/** The fields without those whose names (given in lower case) are in `names`. */
export function withoutFields(rawHeaders: RawHeaders, names: ReadonlySet<string>): string[] {
	const kept: string[] = [];
	for (let index = 0; index + 1 < rawHeaders.length; index += 2) {
		if (!names.has(rawHeaders[index]!.toLowerCase())) {
			kept.push(rawHeaders[index]!, rawHeaders[index + 1]!);
		}
	}
	return kept;
}

// The fields of which node:http keeps the first line and drops the others.
const singletons = new Set([
	'age',
	'authorization',
	'content-length',
	'content-type',
	'etag',
	'expires',
	'from',
	'host',
	'if-modified-since',
	'if-unmodified-since',
	'last-modified',
	'location',
	'max-forwards',
	'proxy-authorization',
	'referer',
	'retry-after',
	'server',
	'user-agent',
]);

/** The fields as node:http presents them in `headers`: lower-case names, `set-cookie` as a list, the others joined or, where there can be but one, the first. */
export function toIncomingHeaders(rawHeaders: RawHeaders): Record<string, string | string[]> {
	const headers: Record<string, string | string[]> = {};
	for (let index = 0; index + 1 < rawHeaders.length; index += 2) {
		const name = rawHeaders[index]!.toLowerCase();
		const value = rawHeaders[index + 1]!;
		const present = Object.hasOwn(headers, name) ? headers[name] : undefined;
		if (name === 'set-cookie') {
			headers[name] = Array.isArray(present) ? [...present, value] : [value];
		} else if (present === undefined) {
			setOwn(headers, name, value);
		} else if (!singletons.has(name)) {
			setOwn(headers, name, `${present}${name === 'cookie' ? '; ' : ', '}${value}`);
		}
	}
	return headers;
}

// Field names come from a server: `__proto__` must become a member like any other.
function setOwn(target: Record<string, string | string[]>, name: string, value: string): void {
	if (name === '__proto__') {
		Object.defineProperty(target, name, {value, enumerable: true, writable: true, configurable: true});
	} else {
		target[name] = value;
	}
}
