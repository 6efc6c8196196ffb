import type {StoredHop, StoredMetadata, StoredResponse, StoredVaryIndex} from '../http/response.js';

/** The version of the format that {@link encodeMetadata} writes. A record of another version is a miss. */
export const METADATA_FORMAT = 1;

const OPENING = `{"format":${METADATA_FORMAT},`;

/** Metadata as JSON text, with its format version. */
export function encodeMetadata(metadata: StoredMetadata): string {
	// As text, since a copy of the object with one more member takes as long as a sixth of the rest.
	return OPENING + JSON.stringify(metadata).slice(1);
}

/** Metadata from JSON text, or `undefined` where the text is not JSON, of another format version, or has a member missing or of the wrong type. Never throws. */
export function decodeMetadata(text: string): StoredMetadata | undefined {
	let value: unknown;
	try {
		value = JSON.parse(text);
	} catch {
		return undefined;
	}
	if (typeof value !== 'object' || value === null || (value as Members)['format'] !== METADATA_FORMAT) {
		return undefined;
	}
	return readMembers(value as Members);
}

type Members = Record<string, unknown>;

const isString = (value: unknown): value is string => typeof value === 'string';
const isTime = (value: unknown): value is number => Number.isFinite(value);
const isOptionalTime = (value: unknown): value is number | undefined => value === undefined || isTime(value);
const isStatusCode = (value: unknown): value is number => Number.isInteger(value) && inRange(Number(value), 100, 999);
const isSize = (value: unknown): value is number => Number.isSafeInteger(value) && Number(value) >= 0;
const isBoolean = (value: unknown): value is boolean => typeof value === 'boolean';
const inRange = (value: number, least: number, most: number) => value >= least && value <= most;

function isStrings(value: unknown): value is string[] {
	return Array.isArray(value) && value.every(isString);
}

/** The members that metadata has, those that JSON leaves out as `undefined`, and no others: what they are is known. */
function readMembers(members: Members): StoredMetadata | undefined {
	switch (members['kind']) {
		case 'response':
			return readResponse(members);
		case 'hop':
			return readHop(members);
		case 'vary':
			return readVaryIndex(members);
		default:
			return undefined;
	}
}

// Every read of a store passes here: member by member it takes a twentieth of what a loop over their names did.
function readResponse(members: Members): StoredResponse | undefined {
	const {statusCode, statusMessage, httpVersion, rawHeaders, url, method} = members;
	const {requestTime, responseTime, createdAt, expires, keepUntil, bodySize, decoded} = members;
	const isSound =
		isStatusCode(statusCode) &&
		isString(statusMessage) &&
		isString(httpVersion) &&
		isStrings(rawHeaders) &&
		rawHeaders.length % 2 === 0 &&
		isString(url) &&
		isString(method) &&
		isTime(requestTime) &&
		isTime(responseTime) &&
		isTime(createdAt) &&
		isOptionalTime(expires) &&
		isOptionalTime(keepUntil) &&
		isSize(bodySize) &&
		isBoolean(decoded);
	return isSound
		? {
				kind: 'response',
				statusCode,
				statusMessage,
				httpVersion,
				rawHeaders,
				url,
				method,
				requestTime,
				responseTime,
				createdAt,
				expires,
				keepUntil,
				bodySize,
				decoded,
			}
		: undefined;
}

function readHop(members: Members): StoredHop | undefined {
	const {nextUrl, nextMethod} = members;
	const response = readResponse(members);
	return response && isString(nextUrl) && isString(nextMethod)
		? {...response, kind: 'hop', nextUrl, nextMethod}
		: undefined;
}

function readVaryIndex({fields, generation, url, createdAt, expires, keepUntil}: Members): StoredVaryIndex | undefined {
	const isSound =
		isStrings(fields) &&
		isString(generation) &&
		isString(url) &&
		isTime(createdAt) &&
		isOptionalTime(expires) &&
		isOptionalTime(keepUntil);
	return isSound ? {kind: 'vary', fields, generation, url, createdAt, expires, keepUntil} : undefined;
}
