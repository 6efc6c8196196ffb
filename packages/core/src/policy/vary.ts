import {isToken, splitList, trimSpace} from '../http/field-list.js';
import {fieldLines, type RawHeaders, type RequestHeaders, requestHeader} from '../http/headers.js';

/** Responses that vary by more fields than this count as varying by everything, so that an index stays small. */
export const MAX_VARY_FIELDS = 32;

/** Lists of what a client prefers, whose order means nothing, as weights say what comes first (RFC 9110 §12.4.2 and §12.5). */
const PREFERENCES = new Set(['accept', 'accept-charset', 'accept-encoding', 'accept-language']);

/** A weight (RFC 9110 §12.4.2). */
const WEIGHT = /^q=([01](?:\.\d{0,3})?)$/;

/** Fields that are no lists, though commas occur in them: white space around those is part of the value. */
const NO_LISTS = new Set([
	'authorization',
	'cookie',
	'date',
	'from',
	'host',
	'if-modified-since',
	'if-range',
	'if-unmodified-since',
	'origin',
	'proxy-authorization',
	'referer',
	'user-agent',
]);

/**
 * The request fields by which a response says that it was chosen (RFC 9110 §12.5.5, https://www.rfc-editor.org/rfc/rfc9110#section-12.5.5):
 * names in lower case, sorted, each once. `'*'`: not by fields alone, or by more than {@link MAX_VARY_FIELDS}. `undefined`: the response does not vary.
 * Members that are no field names cannot be sent by anybody and are passed over.
 */
export function varyFields(rawHeaders: RawHeaders): readonly string[] | '*' | undefined {
	const lines = fieldLines(rawHeaders, 'vary');
	if (lines.length === 0) {
		return undefined;
	}
	const members = lines.join().toLowerCase().split(',').map(trimSpace);
	if (members.includes('*')) {
		return '*';
	}
	const fields = mergeVaryFields(members.filter(isToken), []);
	return fields.length === 0 ? undefined : fields;
}

/**
 * The fields of `vary` that choose among responses as they are stored, or `undefined` where none is left: bodies that are kept decoded are the same
 * in every content coding, so that `Accept-Encoding` chooses nothing any more.
 */
export function storedVaryFields(vary: readonly string[] | undefined, decoded: boolean): readonly string[] | undefined {
	const fields = decoded ? vary?.filter(field => field !== 'accept-encoding') : vary;
	return fields?.length === 0 ? undefined : fields;
}

/**
 * What a request says in each of `fields`, in their order, in a form in which requests that mean the same look the same (RFC 9111 §4.1,
 * https://www.rfc-editor.org/rfc/rfc9111#section-4.1): `-` for a field that was not sent, else `=` and the value. Values lose white space
 * at their ends and around the commas of lists; preferences also lose their order, and the case and the digits that their definition gives no meaning.
 */
export function varyValues(fields: readonly string[], headers: RequestHeaders): string[] {
	return fields.map(field => {
		const value = requestHeader(headers, field);
		return value === undefined ? '-' : `=${canonical(field, value)}`;
	});
}

/** The fields of both lists: sorted, each once. `'*'`: more than {@link MAX_VARY_FIELDS}. */
export function mergeVaryFields(a: readonly string[], b: readonly string[]): readonly string[] | '*' {
	const fields = [...new Set([...a, ...b])].sort();
	return fields.length > MAX_VARY_FIELDS ? '*' : fields;
}

function canonical(field: string, value: string): string {
	if (NO_LISTS.has(field)) {
		return trimSpace(value);
	}
	return PREFERENCES.has(field) ? canonicalPreferences(field, value) : withoutListSpace(value);
}

/** The members of a list of preferences: sorted, each once. */
function canonicalPreferences(field: string, value: string): string {
	const members = splitList(value).map(member => canonicalPreference(member, field === 'accept'));
	return [...new Set(members)].sort().join();
}

/** What parameters of media types say may have case (RFC 9110 §8.3.1); nothing else in preferences does. */
function canonicalPreference(member: string, hasMediaType: boolean): string {
	const [name = '', ...parameters] = splitList(member, ';');
	const kept = parameters
		.map(parameter => canonicalParameter(parameter, hasMediaType))
		.filter(parameter => parameter !== 'q=1');
	return [name.toLowerCase(), ...kept].join(';');
}

function canonicalParameter(parameter: string, hasMediaType: boolean): string {
	const lowered = hasMediaType ? parameter.replace(/^[^=]*/, lowerCase) : outsideQuotes(parameter, lowerCase);
	const weight = WEIGHT.exec(lowered)?.[1];
	return weight === undefined ? lowered : `q=${Number(weight)}`;
}

/** Removes white space at the ends and around commas; that in quoted strings stays. */
function withoutListSpace(value: string): string {
	return trimSpace(outsideQuotes(value, withoutSpaceAtCommas));
}

function withoutSpaceAtCommas(text: string): string {
	const [first, ...others] = text.split(',');
	// What stands before the first comma and after the last may touch a quoted string, from which white space sets it apart.
	const members = others.map((member, index) => (index === others.length - 1 ? trimStart(member) : trimSpace(member)));
	return members.length === 0 ? text : [trimEnd(first!), ...members].join();
}

/** Applies a change to the parts of a value that are not in a quoted string (RFC 9110 §5.6.4). A quote that is not closed reaches to the end. */
function outsideQuotes(value: string, change: (text: string) => string): string {
	if (!value.includes('"')) {
		return change(value);
	}
	return value.replace(/"(?:[^"\\]|\\.)*(?:"|\\?$)|[^"]+/gs, part => (part.startsWith('"') ? part : change(part)));
}

function trimStart(text: string): string {
	return text.replace(/^[ \t]+/, '');
}

/** By hand, since a regular expression takes quadratic time over a long run of spaces. */
function trimEnd(text: string): string {
	let end = text.length;
	while (text[end - 1] === ' ' || text[end - 1] === '\t') {
		end--;
	}
	return text.slice(0, end);
}

function lowerCase(text: string): string {
	return text.toLowerCase();
}
