/** What is needed of a Keyv, version 5.6 or later: an instance of the class `Keyv` has it. */
export interface KeyvLike {
	/** Resolves to `{value, expires}`, or to `undefined` where there is nothing. */
	getRaw(key: string): Promise<unknown>;
	/** @param ttl milliseconds */
	set(key: string, value: unknown, ttl?: number): Promise<unknown>;
	delete(key: string): Promise<unknown>;
	on(event: string, listener: (error: unknown) => void): unknown;
	/** Gives `[key, value]`, without the namespace. Keyv 5 has it only where the adapter has one. */
	readonly iterator?: ((namespace?: string) => AsyncIterable<unknown>) | undefined;
	/** The adapter, or a `Map`. */
	readonly store?: unknown;
}

/** Whether it has the methods of a Keyv that is new enough. */
export function isKeyv(value: unknown): value is KeyvLike {
	const keyv = (value ?? {}) as Partial<KeyvLike>;
	return [keyv.getRaw, keyv.set, keyv.delete, keyv.on].every(method => typeof method === 'function');
}

/** Whether a Keyv can be gone through. That of version 6 has the method in any case, and it ends at once where the adapter has none. */
export function canBeListed({iterator, store}: KeyvLike): boolean {
	return typeof iterator === 'function' && canListStore(store);
}

/** Whether values that are set again pile up, and `delete` takes away one of them: the adapter for MongoDB has GridFS do so. */
export function pilesUp({store}: KeyvLike): boolean {
	const {useGridFS, opts} = (store ?? {}) as {useGridFS?: unknown; opts?: {useGridFS?: unknown}};
	return useGridFS === true || opts?.useGridFS === true;
}

/** Keyv 6 puts what it is given into an adapter of its own. */
function canListStore(store: unknown): boolean {
	const {iterator, entries, store: inner} = (store ?? {}) as Record<string, unknown>;
	if (typeof inner === 'object' && inner !== null) {
		return canListStore(inner);
	}
	return typeof iterator === 'function' || typeof entries === 'function';
}
