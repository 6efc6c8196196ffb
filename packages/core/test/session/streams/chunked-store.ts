import {
	BaseCache,
	CacheBackend,
	type CacheBackendOptions,
	type CacheRecord,
	collectBody,
	piecesOf,
	type StoredMetadata,
} from '../../../src/index.js';

interface Chunked {
	readonly metadata: StoredMetadata;
	readonly pieces: readonly Uint8Array[];
	readonly version: string;
}

/** A store in memory that takes bodies, and gives them, piece by piece. */
export class ChunkedStore extends BaseCache {
	readonly records = new Map<string, Chunked>();
	/** How many pieces were taken and given so far. */
	taken = 0;
	given = 0;
	/** How many bodies are being read. */
	open = 0;
	/** Called before a piece is taken, with its number in its body, and before a body becomes visible. */
	onTake: (piece: number) => unknown = () => undefined;
	onCommit: () => unknown = () => undefined;
	/** Called before a piece is given. */
	onGive: (piece: number) => unknown = () => undefined;
	#versions = 0;
	readonly #pieceSize: number;

	constructor(pieceSize = 1000) {
		super();
		this.#pieceSize = pieceSize;
	}

	async read(key: string): Promise<CacheRecord | undefined> {
		const record = this.records.get(key);
		if (!record) {
			return undefined;
		}
		const {metadata, version, pieces} = record;
		const size = pieces.reduce((sum, piece) => sum + piece.byteLength, 0);
		const stream = () => this.#give(key, record);
		return {
			metadata,
			version,
			body: {size, stream, bytes: async () => collectBody(stream())},
		};
	}

	async write(key: string, metadata: StoredMetadata, body: Uint8Array | AsyncIterable<Uint8Array>): Promise<string> {
		const pieces: Uint8Array[] = [];
		for await (const piece of piecesOf(body, this.#pieceSize)) {
			await this.onTake(pieces.length);
			this.taken++;
			pieces.push(Uint8Array.from(piece));
		}
		await this.onCommit();
		const version = String(this.#versions++);
		this.records.set(key, {metadata, pieces, version});
		return version;
	}

	async delete(key: string): Promise<boolean> {
		return this.records.delete(key);
	}

	override async touch(key: string, version: string, metadata: StoredMetadata): Promise<boolean> {
		const record = this.records.get(key);
		if (record?.version !== version) {
			return false;
		}
		this.records.set(key, {...record, metadata});
		return true;
	}

	async *keys(): AsyncIterable<string> {
		yield* this.records.keys();
	}

	async clear(): Promise<void> {
		this.records.clear();
	}

	async *#give(key: string, {pieces, version}: Chunked): AsyncGenerator<Uint8Array> {
		this.open++;
		try {
			for (const [index, piece] of pieces.entries()) {
				await this.onGive(index);
				if (this.records.get(key)?.version !== version) {
					throw new Error('the record is gone');
				}
				this.given++;
				yield piece;
			}
		} finally {
			this.open--;
		}
	}
}

/** A backend on such a store. */
export function chunkedBackend(options: CacheBackendOptions = {}, pieceSize?: number) {
	const responses = new ChunkedStore(pieceSize);
	const redirects = new ChunkedStore(pieceSize);
	return {store: responses, redirects, backend: new CacheBackend('chunked', {responses, redirects, ...options})};
}

/** What streams are shared with: a store that has a body at once, and one that has it piece by piece. */
export const SHARING_BACKENDS: ReadonlyArray<readonly [string, () => CacheBackend]> = [
	['memory', () => new CacheBackend('x')],
	['a store of pieces', () => chunkedBackend().backend],
];
