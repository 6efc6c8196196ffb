import {CachedSessionError, piecesOf} from 'got-client-cache';
import type {Argument, Link} from './link.js';
import {isWrongType} from './record-commands.js';
import type {RecordKeys, RecordPlace} from './record-keys.js';
import {isUnknownScript, runScript, scriptCommand} from './record-script.js';
import type {RedisConnection} from './redis-connection.js';
import {type SmallWrite, SmallWrites} from './small-writes.js';
import {PIECE_SIZE, WHOLE_LIMIT} from './stored-record.js';

/** Milliseconds that the server keeps a record that is being written after its last piece. What a killed process leaves is gone then. */
const UNFINISHED_LIFE = 120_000;

/** Bodies of up to so many bytes are written by the script: one command takes less time than a transaction, and copying them on the server hardly any. */
const SCRIPT_LIMIT = 4 * 1024;

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
	readonly #smallWrites = new SmallWrites();

	constructor(connection: RedisConnection, keys: RecordKeys) {
		this.#connection = connection;
		this.#keys = keys;
	}

	/** Writes a record whose body is one field. What was there, pieces of a larger body too, is gone. */
	writeWhole(newRecord: NewRecord, body: Buffer): Promise<unknown> {
		const {place, version, metadata, end} = newRecord;
		const {record, index, member} = place;
		const keys = [record, index] as [string, string];
		const size = String(body.length);
		if (body.length <= SCRIPT_LIMIT) {
			const write: SmallWrite = {place, parameters: [end, version, metadata, size, body]};
			return this.#connection.run(link => this.#smallWrites.write(link, write));
		}
		const commands = [
			['HSET', record, 'v', version, 'm', metadata, 's', size, 'b', body],
			scriptCommand('settle', keys, [member, end]),
		];
		return this.#connection.run(async link => {
			try {
				await link.transaction(record, commands);
			} catch (error) {
				const failure = firstReplyOf(error);
				if (isWrongType(failure)) {
					await link.transaction(record, [['UNLINK', record], ...commands]).catch(again => {
						throw firstReplyOf(again);
					});
				} else if (onlyScriptIsUnknown(error)) {
					await runScript(link, 'settle', keys, [member, end]);
				} else {
					throw failure;
				}
			}
		});
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
				await this.writeWhole(record, Buffer.concat(held));
				return;
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

/** A transaction whose other commands were carried out. */
function onlyScriptIsUnknown(error: unknown): boolean {
	const failures = repliesOf(error).filter(reply => reply instanceof Error);
	return failures.length > 0 && failures.every(isUnknownScript);
}

/** What a command inside a transaction failed with; the transaction's own error says only that one did. */
function firstReplyOf(error: unknown): unknown {
	return repliesOf(error).find(reply => reply instanceof Error) ?? error;
}

function repliesOf(error: unknown): readonly unknown[] {
	return error instanceof Error && 'replies' in error && Array.isArray(error.replies) ? error.replies : [];
}
