import {fieldValue, type RawHeaders} from '../http/headers.js';
import {parseDictionary, type StructuredValue} from '../http/structured-dictionary.js';
import {MAX_DELTA_SECONDS} from './delta-seconds.js';
import {
	addFieldList,
	type DirectivesInMaking,
	FLAG_DIRECTIVES,
	NO_DIRECTIVES,
	NUMERIC_DIRECTIVES,
	type ResponseDirectives,
} from './response-directives.js';

/** The field that speaks to shared caches in place of `Cache-Control` and `Expires` (RFC 9213 §3.1), in lower case. */
export const TARGETED_FIELD = 'cdn-cache-control';

/**
 * The directives that a response has for shared caches alone, or `undefined` where it has none: no such field, an empty one, one that is no dictionary,
 * or one where a directive has a value of the wrong type (RFC 9213 §2, https://www.rfc-editor.org/rfc/rfc9213#section-2). Never throws.
 */
export function targetedDirectives(rawHeaders: RawHeaders): ResponseDirectives | undefined {
	const text = fieldValue(rawHeaders, TARGETED_FIELD);
	const members = text === undefined ? undefined : parseDictionary(text);
	if (members === undefined || members.size === 0) {
		return undefined;
	}
	const directives: DirectivesInMaking = {...NO_DIRECTIVES};
	for (const [name, value] of members) {
		if (!addMember(directives, name, value)) {
			return undefined;
		}
	}
	return directives;
}

/** @returns whether the value is of a type that the directive can have */
function addMember(directives: DirectivesInMaking, name: string, value: StructuredValue): boolean {
	const numeric = NUMERIC_DIRECTIVES.get(name);
	if (numeric) {
		if (value.type !== 'integer' || value.value < 0) {
			return false;
		}
		directives[numeric] = Math.min(value.value, MAX_DELTA_SECONDS);
		return true;
	}
	const flag = FLAG_DIRECTIVES.get(name);
	if (flag) {
		directives[flag] = value.type === 'boolean' && value.value;
		return value.type === 'boolean';
	}
	if (name === 'no-cache' || name === 'private') {
		return addListMember(directives, name, value);
	}
	return true;
}

function addListMember(directives: DirectivesInMaking, name: 'no-cache' | 'private', value: StructuredValue): boolean {
	if (value.type === 'string' || (value.type === 'boolean' && value.value)) {
		addFieldList(directives, name, value.type === 'string' ? value.value : undefined);
	}
	return value.type === 'string' || value.type === 'boolean';
}
