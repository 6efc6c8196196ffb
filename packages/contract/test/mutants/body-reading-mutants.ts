import type {StoredBody} from 'got-client-cache';
import {PartsBody, PlaceCache, type Row, turn} from '../place-cache.js';
import {type Mutant, untilFailure} from './mutant.js';

/** A body that is looked up by its key alone. */
class BodyByKey extends PartsBody {
	override async *stream(): AsyncIterable<Uint8Array> {
		for (let index = 0; ; index++) {
			await turn();
			const part = this.cache.find(this.key)?.parts[index];
			if (part === undefined) {
				return;
			}
			yield part;
		}
	}
}

/** A body whose reader holds up everybody until it has read to the end. */
class LockingBody extends PartsBody {
	override async *stream(): AsyncIterable<Uint8Array> {
		const cache = this.cache as PlaceCache & {lock: Promise<void>};
		let release: () => void = () => undefined;
		cache.lock = new Promise(resolve => {
			release = resolve;
		});
		yield* super.stream();
		release();
	}
}

/** Faults in reading bodies. */
export const bodyReadingMutants: readonly Mutant[] = [
	{
		fault: 'looks bodies up by their key alone',
		Cache: class extends PlaceCache {
			override bodyOf(key: string, {version, size}: Row): StoredBody {
				return new BodyByKey(this, key, version, size);
			}
		},
		kills: [
			'never gives the body of another version',
			'gives a reader the body of its record to the end, or an error, whatever becomes of the record meanwhile',
			'stays sound while many write, read, renew and remove the same records',
			'never gives a damaged body by body.bytes(), and removes its record',
			'never gives a damaged body by body.stream(), and removes its record',
		],
	},
	{
		fault: 'ends a body early whose record is gone',
		Cache: class extends PlaceCache {
			override bodyOf(key: string, row: Row): StoredBody {
				const body = super.bodyOf(key, row);
				return {size: body.size, bytes: () => body.bytes(), stream: () => untilFailure(body.stream())};
			}
		},
		kills: [
			'gives a reader the body of its record to the end, or an error, whatever becomes of the record meanwhile',
			'never gives a damaged body by body.stream(), and removes its record',
		],
	},
	{
		fault: 'gives one stream to all readers of a body',
		Cache: class extends PlaceCache {
			override bodyOf(key: string, row: Row): StoredBody {
				const body = super.bodyOf(key, row);
				const stream = body.stream();
				return {size: body.size, bytes: () => body.bytes(), stream: () => stream};
			}
		},
		kills: ['gives a body in pieces, as often as it is asked'],
	},
	{
		fault: 'holds up everybody until a reader has ended',
		Cache: class extends PlaceCache {
			lock: Promise<void> = Promise.resolve();
			override async step() {
				await this.lock;
				return super.step();
			}
			override bodyOf(key: string, {version, size}: Row): StoredBody {
				return new LockingBody(this, key, version, size);
			}
		},
		kills: ['is usable while and after a reader stops half-way'],
		flags: {timeout: 300},
	},
];
