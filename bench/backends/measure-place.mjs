import assert from 'node:assert/strict';
import {randomBytes} from 'node:crypto';
import {sampleResponse} from '@got-client-cache/contract';

/** How many records of a size are read in turn: of small ones more than any backend remembers from its last reads. */
const RECORDS = {1024: 8000, 10240: 2000, 102400: 200, 1048576: 20};
const AT_ONCE = 50;

/** The four things that are measured of a size. */
export const MODES = ['read 1', 'read 50', 'write 1', 'write 50'];

/** Fills the places with records of a size, and gives for every mode the calls to be measured, by the name of what makes them. */
export async function prepareSize(places, size) {
	const count = RECORDS[size];
	const keys = Array.from({length: count}, (_, index) => `bench${size}.${index}`);
	const bodies = Array.from({length: Math.min(count, 8)}, () => randomBytes(size));
	const metadata = sampleResponse({bodySize: size, expires: undefined, keepUntil: undefined});
	const actors = places.flatMap(place => actorsOf(place, size));
	for (const {write} of actors) {
		for (let start = 0; start < count; start += AT_ONCE) {
			const batch = keys.slice(start, start + AT_ONCE);
			await Promise.all(batch.map((key, index) => write(key, metadata, bodies[index % bodies.length])));
		}
	}
	for (const {name, read} of actors) {
		assert.equal(await read(keys[0]), size, `${name} gives back what was written`);
	}
	return Object.fromEntries(MODES.map(mode => [mode, callsOf(mode, actors, {keys, bodies, metadata})]));
}

function actorsOf({name, cache, baseline}, size) {
	const own = {
		name,
		read: async key => {
			const record = await cache.read(key);
			return (await record.body.bytes()).length;
		},
		write: (key, metadata, body) => cache.write(key, metadata, body),
	};
	return baseline === undefined || size > (baseline.largest ?? Number.POSITIVE_INFINITY) ? [own] : [own, baseline];
}

function callsOf(mode, actors, {keys, bodies, metadata}) {
	const [operation, atOnce] = mode.split(' ');
	return Object.fromEntries(
		actors.map(actor => {
			let turn = 0;
			const one = () => {
				// A stride that has no divisor in common with the number of keys: neighbours are not read together.
				const key = keys[(turn++ * 37) % keys.length];
				return operation === 'read' ? actor.read(key) : actor.write(key, metadata, bodies[turn % bodies.length]);
			};
			const many = () => Promise.all(Array.from({length: AT_ONCE}, one));
			return [actor.name, atOnce === '1' ? one : many];
		}),
	);
}

/** How many operations one call of a mode makes. */
export function operationsOf(mode) {
	return mode.endsWith(' 50') ? AT_ONCE : 1;
}
