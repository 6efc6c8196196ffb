import type {StoredHop, StoredMetadata, StoredResponse, StoredVaryIndex} from '../http/response.js';

/** The version of the format that {@link encodeMetadata} writes. A record of another version is a miss. */
export const METADATA_FORMAT = 1;

/** Metadata as JSON text, with its format version. */
export function encodeMetadata(metadata: StoredMetadata): string {
	return JSON.stringify({format: METADATA_FORMAT, ...metadata});
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
type TypeCheck = (value: unknown) => boolean;

const isString: TypeCheck = value => typeof value === 'string';
const isTime: TypeCheck = value => Number.isFinite(value);
const isOptionalTime: TypeCheck = value => value === undefined || isTime(value);
const isStrings: TypeCheck = value => Array.isArray(value) && value.every(isString);

const isResponseShape: Record<Exclude<keyof StoredResponse, 'kind'>, TypeCheck> = {
	statusCode: value => Number.isInteger(value) && Number(value) >= 100 && Number(value) <= 999,
	statusMessage: isString,
	httpVersion: isString,
	rawHeaders: value => isStrings(value) && (value as string[]).length % 2 === 0,
	url: isString,
	method: isString,
	requestTime: isTime,
	responseTime: isTime,
	createdAt: isTime,
	expires: isOptionalTime,
	keepUntil: isOptionalTime,
	bodySize: value => Number.isSafeInteger(value) && Number(value) >= 0,
	decoded: value => typeof value === 'boolean',
};

const isHopShape: Record<Exclude<keyof StoredHop, 'kind'>, TypeCheck> = {
	...isResponseShape,
	nextUrl: isString,
	nextMethod: isString,
};

const isVaryShape: Record<Exclude<keyof StoredVaryIndex, 'kind'>, TypeCheck> = {
	fields: isStrings,
	generation: isString,
	url: isString,
	createdAt: isTime,
	expires: isOptionalTime,
	keepUntil: isOptionalTime,
};

const shapes: ReadonlyMap<unknown, ReadonlyArray<[string, TypeCheck]>> = new Map([
	['response', Object.entries(isResponseShape)],
	['hop', Object.entries(isHopShape)],
	['vary', Object.entries(isVaryShape)],
]);

/** The members that metadata has, those that JSON leaves out as `undefined`, and no others: what they are is known. */
function readMembers(members: Members): StoredMetadata | undefined {
	const {kind} = members;
	const shape = shapes.get(kind);
	if (shape === undefined) {
		return undefined;
	}
	const metadata: Members = {kind};
	for (const [name, isValid] of shape) {
		const value = members[name];
		if (!isValid(value)) {
			return undefined;
		}
		metadata[name] = value;
	}
	return metadata as unknown as StoredMetadata;
}
