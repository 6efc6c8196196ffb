import type {Awaitable, BaseCache, CacheBackend} from 'got-client-cache';

/**
 * What is broken of a record: `'metadata'` becomes garbage; `'format'` becomes an unknown format version in metadata that is sound otherwise;
 * the `'body'` is cut short, or taken away.
 */
export type Damage = 'metadata' | 'format' | 'body';

/** What a backend may do otherwise than most, and what the contract needs to know of its place. */
export interface ContractFlags {
	/** What is stored is found by a second instance in the same place, at once and after the first was closed. @default true */
	readonly persistent?: boolean | undefined;
	/** Every operation after `close` rejects. @default true */
	readonly rejectsAfterClose?: boolean | undefined;
	/** `touch` leaves the version; `false` for those that leave it to `BaseCache`. @default true */
	readonly touchKeepsVersion?: boolean | undefined;
	/** `touch` compares and sets in one step, so that it never undoes a write or a removal that came between. @default what `touchKeepsVersion` says */
	readonly touchIsAtomic?: boolean | undefined;
	/** The place can be listed; `false`: `keys`, `entries`, `values`, `size` and `deleteExpired` are not tried. @default true */
	readonly listsKeys?: boolean | undefined;
	/** `keysOf` gives the keys of a resource; `false`: it is not tried. @default what `listsKeys` says */
	readonly findsKeysOf?: boolean | undefined;
	/** `entries` lists, and `touch` renews, without loading bodies. @default true */
	readonly metadataApart?: boolean | undefined;
	/** The longest key that is tried, in characters. @default 1024 */
	readonly longestKey?: number | undefined;
	/** The largest body that is tried, in bytes. @default 5,000,000 */
	readonly largestBody?: number | undefined;
	/** How many records are listed and removed at once: more than a page of the place, whatever that is. @default 2500 */
	readonly bulkCount?: number | undefined;
	/**
	 * Milliseconds by which the place itself may be late to drop what nobody needs any more, which is said by `removableAt(metadata, 0)`: make the backend without a grace.
	 * @default undefined: the place drops nothing
	 */
	readonly nativeExpiry?: number | undefined;
	/** Breaks the record that `responses` of the backend in `place` has under `key`, from outside. What one has open there stays open. @default none: nothing damaged is tried */
	readonly damage?: ((place: string, key: string, damage: Damage) => Awaitable<void>) | undefined;
	/**
	 * A module that plain Node can import (a path or a URL, and not TypeScript), which exports the same `createBackend` or `createCache`: second processes load it.
	 * @default none: one process is all that is tried
	 */
	readonly processModule?: string | URL | undefined;
	/** Milliseconds that a test may take before it fails. @default 60,000 */
	readonly timeout?: number | undefined;
}

type Defaulted = Exclude<keyof ContractFlags, 'nativeExpiry' | 'damage' | 'processModule'>;

/** The flags with all their defaults filled in. */
export type CompleteFlags = ContractFlags & {readonly [Flag in Defaulted]-?: NonNullable<ContractFlags[Flag]>};

/** What the contract needs of a backend: a `CacheBackend` has it. */
export interface ContractStores {
	readonly responses: BaseCache;
	readonly redirects: BaseCache;
	close(): Awaitable<void>;
}

/** What a case is given. Everything in it is new and empty, and is closed after the case. */
export interface ContractContext {
	/** The cache under test: `responses` of a backend. */
	readonly cache: BaseCache;
	/** The other cache of the same backend; there is none where a single cache is tested. */
	readonly redirects: BaseCache | undefined;
	/** Where it is. */
	readonly place: string;
	readonly flags: CompleteFlags;
	/** Closes the backend. */
	close(): Promise<void>;
	/** A second instance in the same place. */
	openAnother(): Promise<BaseCache>;
	/** What a session can be given: the backend itself, or one made over the stores under test. */
	openBackend(): Promise<CacheBackend>;
	/** The same for a second instance in the same place. */
	openAnotherBackend(): Promise<CacheBackend>;
}

/** One thing that every backend must do. */
export interface ContractCase {
	readonly title: string;
	/** What the author of a backend that fails it should look at: one or two sentences. */
	readonly advice: string;
	/** Which backends it holds for; all, where it is left out. */
	readonly appliesTo?: (flags: CompleteFlags, hasRedirects: boolean) => boolean;
	run(context: ContractContext): Promise<void>;
}
