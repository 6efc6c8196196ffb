/** The part of dynalite that the tests use: it has no types of its own. */
declare module 'dynalite' {
	import type {Server} from 'node:http';

	interface DynaliteOptions {
		/** Milliseconds for which a new table is not ready. @default 500 */
		readonly createTableMs?: number;
		/** Milliseconds for which a table is being deleted. @default 500 */
		readonly deleteTableMs?: number;
		/** The largest item, in KB. @default 400 */
		readonly maxItemSizeKb?: number;
	}

	/** A server that stands in for DynamoDB, with all it holds in memory; it listens when it is told to. */
	export default function dynalite(options?: DynaliteOptions): Server;
}
