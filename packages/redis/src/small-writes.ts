import type {Argument, Link} from './link.js';
import type {RecordPlace} from './record-keys.js';
import {runScript} from './record-script.js';

/** How many records are written by one command, which holds up the server for about 0.1 ms. */
const MOST = 16;

/** A record with a small body. */
export interface SmallWrite {
	readonly place: RecordPlace;
	/** What the script needs of it, after its member in the index. */
	readonly parameters: readonly Argument[];
}

interface Batch {
	readonly link: Link;
	readonly writes: SmallWrite[];
	/** In the order of the writes; an error for one that failed alone. */
	readonly replies: Promise<readonly unknown[]>;
}

/**
 * Writes records with small bodies by a script. Those of one tick go together, where one server has them all: most of what a small write costs,
 * here and there, is the command. Each of them is still written whole or not at all, and fails for itself.
 */
export class SmallWrites {
	/** Not sent yet. */
	#open: Batch | undefined;
	/** Links behind which there turned out to be several servers. */
	readonly #split = new WeakSet<Link>();

	/** Resolves when the record is written. */
	async write(link: Link, write: SmallWrite): Promise<void> {
		if (!link.isOneServer || this.#split.has(link)) {
			return demandWritten((await writeTogether(link, [write]))[0]);
		}
		if (this.#open?.link !== link || this.#open.writes.length === MOST) {
			this.#open = this.#begin(link);
		}
		const {writes, replies} = this.#open;
		const position = writes.push(write) - 1;
		demandWritten((await replies)[position]);
	}

	#begin(link: Link): Batch {
		const writes: SmallWrite[] = [];
		const replies = Promise.resolve().then(() => {
			if (this.#open?.writes === writes) {
				this.#open = undefined;
			}
			return this.#send(link, writes);
		});
		return {link, writes, replies};
	}

	async #send(link: Link, writes: readonly SmallWrite[]): Promise<readonly unknown[]> {
		try {
			return await writeTogether(link, writes);
		} catch (error) {
			if (!isAcrossSlots(error)) {
				throw error;
			}
			// A proxy in front of a cluster. Nothing was written.
			this.#split.add(link);
			const alone = writes.map(write => writeTogether(link, [write]).then(([reply]) => reply));
			return (await Promise.allSettled(alone)).map(result =>
				result.status === 'fulfilled' ? result.value : result.reason,
			);
		}
	}
}

async function writeTogether(link: Link, writes: readonly SmallWrite[]): Promise<readonly unknown[]> {
	const keys: string[] = [];
	const parameters: Argument[] = [];
	for (const {place, parameters: own} of writes) {
		keys.push(place.record, place.index);
		parameters.push(place.member, ...own);
	}
	return (await runScript(link, 'write', keys as [string, ...string[]], parameters)) as unknown[];
}

function demandWritten(reply: unknown): void {
	if (reply instanceof Error) {
		throw reply;
	}
}

function isAcrossSlots(error: unknown): boolean {
	return error instanceof Error && error.message.startsWith('CROSSSLOT');
}
