import {CachedSessionError, piecesOf} from 'got-client-cache';
import type {Argument, Link} from './link.js';
import type {RecordKeys, RecordPlace} from './record-keys.js';
import {ENDLESS, INDEX_MARGIN, isUnknownScript, runScript, scriptCommand} from './record-script.js';
import type {RedisConnection} from './redis-connection.js';
import {PIECE_SIZE, WHOLE_LIMIT} from './stored-record.js';

/** Milliseconds that the server keeps a record that is being written after its last piece. What a killed process leaves is gone then. */
const UNFINISHED_LIFE = 120_000;

/** Every so many writes clean the index of what they write. */
const CLEANING_INTERVAL = 16;

/** Milliseconds by which the clocks of a server and its clients may differ without an index losing what is there. */
const CLOCK_MARGIN = 3_600_000;

/** A record that is to be written. */
export interface NewRecord {
	readonly place: RecordPlace;
	readonly version: string;
	/** Encoded. */
	readonly metadata: string;
	/** The moment at which the server drops it, in epoch milliseconds as a text; empty: never. */
	readonly end: string;
}

/** Writes records: each becomes visible whole, in one step. */
export class RecordWriter {
	readonly #connection: RedisConnection;
	readonly #keys: RecordKeys;
	/** Whether the server cannot compare lives by itself: before version 7 it could not. */
	#isOldServer = false;
	#writes = 0;

	constructor(connection: RedisConnection, keys: RecordKeys) {
		this.#connection = connection;
		this.#keys = keys;
	}

	/** Writes a record whose body is one field. What was there, pieces of a larger body too, is gone. */
	writeWhole(record: NewRecord, body: Buffer): Promise<void> {
		const {place, version, metadata, end} = record;
		const put = [
			['UNLINK', place.record],
			['HSET', place.record, 'v', version, 'm', metadata, 's', String(body.length), 'b', body],
		];
		return this.#connection.run(async link => {
			if (!this.#isOldServer && (end === '' || Number(end) > Date.now())) {
				const failure = await this.#transact(link, record, [
					...put,
					...filing(record, this.#writes++ % CLEANING_INTERVAL === 0),
				]);
				if (failure === undefined) {
					return;
				}
				// Said of a command before the transaction, of which nothing is done then.
				this.#isOldServer = messageOf(failure).includes('wrong number of arguments');
				if (!this.#isOldServer) {
					throw failure;
				}
			}
			const failure = await this.#transact(link, record, [...put, scriptCommand('settle', ...settling(record))]);
			if (failure !== undefined) {
				throw failure;
			}
		});
	}

	/** @returns what it failed with. Where only the record's index was not brought up to date, that is made up for by the script. */
	async #transact(link: Link, record: NewRecord, commands: ReadonlyArray<readonly Argument[]>): Promise<unknown> {
		try {
			await link.transaction(record.place.record, commands);
		} catch (error) {
			const failures = repliesOf(error).filter(reply => reply instanceof Error);
			if (failures.length === 0 || !failures.every(concernsIndex)) {
				return failures[0] ?? error;
			}
			await runScript(link, 'settle', ...settling(record));
		}
		return undefined;
	}

	/**
	 * Writes a record whose body is given in whatever pieces. A large one is collected in another hash, under a key of the same hash slot,
	 * and takes the place of what was there when it has ended. Little more than a mebibyte of it is held in memory.
	 */
	async writeStream(record: NewRecord, body: Uint8Array | AsyncIterable<Uint8Array>): Promise<void> {
		const unfinished = this.#keys.unfinished(record.place, record.version);
		let held: Buffer[] = [];
		let size = 0;
		let sent = 0;
		try {
			for await (const piece of piecesOf(body, PIECE_SIZE)) {
				held.push(Buffer.from(piece.buffer, piece.byteOffset, piece.byteLength));
				size += piece.byteLength;
				if (size > WHOLE_LIMIT) {
					await this.#append(unfinished, record.version, sent, held);
					sent += held.length;
					held = [];
				}
			}
			if (sent === 0) {
				return await this.writeWhole(record, Buffer.concat(held));
			}
			await this.#finish(record, unfinished, size);
		} catch (error) {
			if (sent > 0) {
				await this.#connection.run(link => link.send(unfinished, ['UNLINK', unfinished])).catch(() => undefined);
			}
			throw error;
		}
	}

	async #append(key: string, version: string, first: number, pieces: readonly Buffer[]): Promise<void> {
		const fields = pieces.flatMap((piece, index): Argument[] => [String(first + index), piece]);
		// The version comes with the first pieces only: where these are gone, so is it, and the record is not finished.
		const commands = [
			['HSET', key, ...(first === 0 ? ['v', version] : []), ...fields],
			['PEXPIRE', key, String(UNFINISHED_LIFE)],
		];
		await this.#connection.run(async link => {
			await link.transaction(key, commands).catch(error => {
				throw firstReplyOf(error);
			});
		});
	}

	async #finish({place, version, metadata, end}: NewRecord, unfinished: string, size: number): Promise<void> {
		const {record, index, member} = place;
		const parameters = [member, end, version, metadata, `${size}/${PIECE_SIZE}`];
		const finish = (link: Link) => runScript(link, 'finish', [record, index, unfinished], parameters);
		if ((await this.#connection.run(finish)) !== 1) {
			const message = `${this.#connection.description}: the beginning of the body was gone before its end was there`;
			throw new CachedSessionError('ERR_CACHE_FAULT', message);
		}
	}
}

/**
 * The commands that set the life of a record, and bring its index up to date. They do what the script does, in less than half the time:
 * an index that has no life yet gets one, and one that would end before this record gets a longer one.
 */
function filing({place: {record, index, member}, end}: NewRecord, cleans: boolean): string[][] {
	const indexEnd = end === '' ? ENDLESS : String(Number(end) + INDEX_MARGIN);
	return [
		...(end === '' ? [] : [['PEXPIREAT', record, end]]),
		['ZADD', index, end === '' ? '+inf' : end, member],
		['PEXPIREAT', index, indexEnd, 'NX'],
		['PEXPIREAT', index, indexEnd, 'GT'],
		// Of what the server has dropped since; not every time, and not by the minute, since clocks differ.
		...(cleans ? [['ZREMRANGEBYSCORE', index, '-inf', String(Date.now() - CLOCK_MARGIN)]] : []),
	];
}

function settling({place: {record, index, member}, end}: NewRecord): [keys: [string, string], parameters: string[]] {
	return [
		[record, index],
		[member, end],
	];
}

/** A server that does not know the script, or has something else where the index should be: the record itself is written. */
function concernsIndex(error: unknown): boolean {
	return isUnknownScript(error) || messageOf(error).startsWith('WRONGTYPE');
}

/** What a command inside a transaction failed with; the transaction's own error says only that one did. */
function firstReplyOf(error: unknown): unknown {
	return repliesOf(error).find(reply => reply instanceof Error) ?? error;
}

function repliesOf(error: unknown): readonly unknown[] {
	return error instanceof Error && 'replies' in error && Array.isArray(error.replies) ? error.replies : [];
}

function messageOf(error: unknown): string {
	return error instanceof Error ? error.message : '';
}
