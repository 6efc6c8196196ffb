import {describe, expect, it} from '@jest/globals';
import {describeBackendContract} from '../src/describe-backend-contract.js';
import {PlaceCache} from './place-cache.js';
import {placeContract} from './place-contract.js';
import {runContract} from './run-contract.js';
import {SmallCache} from './small-cache.js';

const smallFlags = {
	persistent: false,
	rejectsAfterClose: false,
	touchKeepsVersion: false,
	metadataApart: false,
};

describeBackendContract(
	'a store of five methods',
	{createCache: () => new SmallCache(), ...smallFlags},
	{describe, it},
);

/** A place of which one has to know the keys. */
class UnlistedCache extends SmallCache {
	override keys(): never {
		throw new Error('cannot be listed');
	}
}

describeBackendContract(
	'a store that cannot be listed',
	{createCache: () => new UnlistedCache(), ...smallFlags, listsKeys: false},
	{describe, it},
);

describeBackendContract(
	'a sound store',
	placeContract(place => new PlaceCache(place)),
	{describe, it},
);

describe('describeBackendContract', () => {
	it('closes all instances and removes the place after each test, failed or not', async () => {
		const opened: string[] = [];
		const removed: string[] = [];
		let closed = 0;
		class Store extends SmallCache {
			override read(): never {
				throw new Error('broken');
			}
			override close() {
				closed++;
			}
		}
		const {all} = await runContract({
			createCache: place => {
				opened.push(place);
				return new Store();
			},
			removePlace: place => {
				removed.push(place);
			},
			...smallFlags,
		});
		expect(removed).toEqual([...new Set(opened)]);
		// A session needs a second cache.
		expect(removed.filter(place => !place.endsWith('-redirects'))).toHaveLength(all.length);
		expect(closed).toBeGreaterThanOrEqual(opened.length);
	});

	it('defines no tests of two caches for a single one', async () => {
		const {all} = await runContract({createCache: () => new SmallCache(), ...smallFlags});
		expect(all).not.toContain('keeps responses and redirects apart');
		expect(new Set(all).size).toBe(all.length);
	});

	it('tells the runner how long a test may take, as Jest, Vitest and Mocha want to hear it', () => {
		const told = new Map<string, number[]>();
		describeBackendContract(
			'x',
			{createCache: () => new SmallCache(), timeout: 1000},
			{
				describe: (_name, define) => define(),
				it: (title, _run, timeout = 0) => ({
					timeout: (milliseconds: number) => told.set(title, [timeout, milliseconds]),
				}),
			},
		);
		// More than the test itself may take: it is the test that says what took too long.
		expect(told.get('has nothing at first')).toEqual([21_000, 21_000]);
	});

	it('says what is missing where nothing makes a backend', () => {
		// @ts-expect-error One of two is needed.
		expect(() => describeBackendContract('x', {persistent: false}, {describe, it})).toThrow(
			/'createBackend' or 'create/,
		);
	});

	it('makes a backend for sessions of anything that has two caches', async () => {
		const title = 'answers a second request from the cache, byte for byte';
		const createBackend = () => ({responses: new SmallCache(), redirects: new SmallCache(), close: () => undefined});
		const {failed} = await runContract({createBackend, ...smallFlags}, new Set([title]));
		expect([...failed]).toEqual([]);
	});

	it('says what is missing where there are no globals to define tests with', () => {
		const globals: Record<string, unknown> = globalThis;
		const kept = {describe: globals['describe'], it: globals['it']};
		Object.assign(globals, {describe: undefined, it: undefined});
		try {
			expect(() => describeBackendContract('x', {createCache: () => new SmallCache()})).toThrow(/'describe' and 'it'/);
		} finally {
			Object.assign(globals, kept);
		}
	});

	it('takes the globals where no runner is given', async () => {
		const globals: Record<string, unknown> = globalThis;
		const kept = {describe: globals['describe'], it: globals['it']};
		const titles: string[] = [];
		Object.assign(globals, {
			describe: (_name: string, define: () => void) => define(),
			it: (title: string) => titles.push(title),
		});
		try {
			describeBackendContract('x', {createCache: () => new SmallCache()});
		} finally {
			Object.assign(globals, kept);
		}
		expect(titles).toContain('has nothing at first');
	});
});
