import type {StoredResponse} from '../http/response.js';
import type {BaseCache} from '../storage/base-cache.js';

/** A stored response, as lists give it. The body is read when it is asked for. */
export class CachedEntry {
	/** The key under which it is stored. */
	readonly key: string;
	readonly #stored: StoredResponse;
	readonly #cache: BaseCache;

	/** @internal */
	constructor(key: string, stored: StoredResponse, cache: BaseCache) {
		this.key = key;
		this.#stored = stored;
		this.#cache = cache;
	}

	/** The URL that gave it, without user info. */
	get url(): string {
		return this.#stored.url;
	}

	/** The method of the request that it answers. */
	get method(): string {
		return this.#stored.method;
	}

	/** The status. */
	get statusCode(): number {
		return this.#stored.statusCode;
	}

	/** The header fields: name, value, name, value, … */
	get rawHeaders(): string[] {
		return [...this.#stored.rawHeaders];
	}

	/** When the body was received. */
	get createdAt(): Date {
		return new Date(this.#stored.createdAt);
	}

	/** When it stops being fresh; `undefined`: never. */
	get expires(): Date | undefined {
		return this.#stored.expires === undefined ? undefined : new Date(this.#stored.expires);
	}

	/** Whether it has stopped being fresh by now. */
	get isExpired(): boolean {
		return this.#stored.expires !== undefined && this.#stored.expires <= Date.now();
	}

	/** Bytes of the body. */
	get size(): number {
		return this.#stored.bodySize;
	}

	/** A copy of the body, or `undefined` when the response is gone meanwhile. */
	async rawBody(): Promise<Buffer | undefined> {
		const record = await this.#cache.read(this.key);
		return record && Buffer.from(await record.body.bytes());
	}
}
