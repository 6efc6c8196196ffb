import {fileURLToPath} from 'node:url';
import {describe, expect, it} from '@jest/globals';
import {bodyMutants} from './mutants/body-mutants.js';
import {bodyReadingMutants} from './mutants/body-reading-mutants.js';
import {keyMutants} from './mutants/key-mutants.js';
import {listMutants} from './mutants/list-mutants.js';
import type {Mutant} from './mutants/mutant.js';
import {placeMutants} from './mutants/place-mutants.js';
import {recordMutants} from './mutants/record-mutants.js';
import {touchMutants} from './mutants/touch-mutants.js';
import {PlaceCache} from './place-cache.js';
import {placeContract} from './place-contract.js';
import {runContract} from './run-contract.js';

const fixture = (name: string) => fileURLToPath(new URL(`fixtures/${name}`, import.meta.url));

const mutants: readonly Mutant[] = [
	...recordMutants,
	...bodyMutants,
	...bodyReadingMutants,
	...keyMutants,
	...listMutants,
	...touchMutants,
	...placeMutants,
];

const processTitles = [
	'stays sound while several processes write, read, renew and remove the same records',
	'stays sound when a process is killed while it writes',
];

describe('the contract fails a store that', () => {
	it.each(mutants.map(mutant => [mutant.fault, mutant] as const))(
		'%s',
		async (_fault, {Cache, kills, flags}) => {
			const contract = {...placeContract(place => new Cache(place), 1200), ...flags};
			const {failed} = await runContract(contract, new Set(kills));
			expect([...failed.keys()].sort()).toEqual([...kills].sort());
		},
		60_000,
	);

	it.each(processTitles)(
		'overwrites its files in place: %s',
		async title => {
			const processModule = fixture('torn-files.mjs');
			const {createCache, removePlace} = await import(processModule);
			const contract = {createCache, removePlace, processModule, touchKeepsVersion: false};
			const {failed} = await runContract(contract, new Set([title]));
			expect([...failed.keys()]).toEqual([title]);
		},
		60_000,
	);
});

describe('every case of the contract', () => {
	it('has a title of its own, and fails one of these stores', async () => {
		const everything = {...placeContract(place => new PlaceCache(place)), processModule: fixture('torn-files.mjs')};
		const {all} = await runContract(everything, new Set());
		expect(new Set(all).size).toBe(all.length);
		const killed = new Set([...mutants.flatMap(({kills}) => kills), ...processTitles]);
		expect(all.filter(title => !killed.has(title))).toEqual([]);
		expect([...killed].filter(title => !all.includes(title))).toEqual([]);
	});
});

describe('what the contract says of a failure', () => {
	it('is what was found, and what to look at', async () => {
		class Store extends PlaceCache {
			override async contains() {
				return true;
			}
		}
		const title = 'has nothing at first';
		const {failed} = await runContract(
			placeContract(place => new Store(place)),
			new Set([title]),
		);
		const error = failed.get(title);
		expect(error?.message).toMatch(/^contains\("a\.1"\) is not false, although nothing was written/);
		expect(error?.message).toMatch(/What to look at: What is not there is no error/);
		expect(error?.cause).toHaveProperty('actual', true);
	});

	it('is that it took too long, for a store that never answers', async () => {
		class Store extends PlaceCache {
			override read(): Promise<undefined> {
				return new Promise(() => undefined);
			}
		}
		const title = 'has nothing at first';
		const contract = {...placeContract(place => new Store(place)), timeout: 50};
		const {failed} = await runContract(contract, new Set([title]));
		expect(failed.get(title)?.message).toMatch(/took longer than 50 ms/);
	});
});
