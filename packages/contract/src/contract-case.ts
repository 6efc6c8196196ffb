import type {Awaitable, BaseCache} from 'got-client-cache';

/** What a backend may do otherwise than most. */
export interface ContractFlags {
	/** What is stored is found by a second instance in the same place, at once and after the first was closed. @default true */
	readonly persistent?: boolean | undefined;
	/** Every operation after `close` rejects. @default true */
	readonly rejectsAfterClose?: boolean | undefined;
	/** `touch` compares and sets in one step and leaves the version; `false` for those that leave it to `BaseCache`. @default true */
	readonly touchKeepsVersion?: boolean | undefined;
	/** The longest key that is tried, in characters. @default 1024 */
	readonly longestKey?: number | undefined;
	/** The largest body that is tried, in bytes. @default 1,500,000 */
	readonly largestBody?: number | undefined;
}

/** The flags with all their defaults filled in. */
export type CompleteFlags = {readonly [Flag in keyof ContractFlags]-?: NonNullable<ContractFlags[Flag]>};

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
	readonly flags: CompleteFlags;
	/** Closes the backend. */
	close(): Promise<void>;
	/** A second instance in the same place. */
	openAnother(): Promise<BaseCache>;
}

/** One thing that every backend must do. */
export interface ContractCase {
	readonly title: string;
	/** Which backends it holds for; all, where it is left out. */
	readonly appliesTo?: (flags: CompleteFlags, hasRedirects: boolean) => boolean;
	run(context: ContractContext): Promise<void>;
}
