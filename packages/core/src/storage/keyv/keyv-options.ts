import {InvalidOptionError, rejectUnknownOptions} from '../../errors.js';
import {isKeyv} from './keyv-like.js';

/** How a Keyv is used. */
export interface KeyvCacheOptions {
	/** How long a record is kept beyond the time up to which it may be served stale, in seconds; `Infinity`: no record is given a time to live. @default 86,400: a day */
	readonly grace?: number | undefined;
	/** Bytes of a body that are kept under one key; larger bodies take several. Mind what the place can hold, after the serialiser (base64: a third more). @default 262,144 */
	readonly pieceSize?: number | undefined;
}

/** The names of {@link KeyvCacheOptions}. */
export const KEYV_CACHE_OPTION_NAMES: ReadonlySet<string> = new Set(['grace', 'pieceSize']);

const DEFAULT_GRACE = 86_400;
const DEFAULT_PIECE_SIZE = 256 * 1024;
const SMALLEST_PIECE = 1024;

/** Checks what a cache is made with, and fills in defaults; `grace` is then in milliseconds. @throws InvalidOptionError */
export function readKeyvCacheOptions(
	keyv: unknown,
	name: unknown,
	options: KeyvCacheOptions,
): {grace: number; pieceSize: number} {
	rejectUnknownOptions(options, KEYV_CACHE_OPTION_NAMES, 'KeyvCache');
	if (!isKeyv(keyv)) {
		throw new InvalidOptionError(
			'store',
			keyv,
			"an instance of Keyv 5.6 or later: new Keyv({store: …}) of the package 'keyv'",
		);
	}
	if (typeof name !== 'string' || !/^[\w.-]{1,80}$/.test(name)) {
		throw new InvalidOptionError('name', name, 'up to 64 letters, digits, hyphens, underscores and dots');
	}
	const {grace = DEFAULT_GRACE, pieceSize = DEFAULT_PIECE_SIZE} = options;
	if (typeof grace !== 'number' || !(grace >= 0)) {
		throw new InvalidOptionError('grace', grace, 'a number of seconds, zero or more, or Infinity');
	}
	if (!Number.isInteger(pieceSize) || pieceSize < SMALLEST_PIECE) {
		throw new InvalidOptionError('pieceSize', pieceSize, `a whole number of bytes, ${SMALLEST_PIECE} or more`);
	}
	return {grace: grace * 1000, pieceSize};
}
