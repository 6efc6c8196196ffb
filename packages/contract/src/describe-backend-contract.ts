import type {Awaitable, BaseCache} from 'got-client-cache';
import {basicCases} from './cases/basic-cases.js';
import {bodyCases} from './cases/body-cases.js';
import {bodyReadingCases} from './cases/body-reading-cases.js';
import {bodyWritingCases} from './cases/body-writing-cases.js';
import {bulkCases} from './cases/bulk-cases.js';
import {concurrencyCases} from './cases/concurrency-cases.js';
import {damageCases} from './cases/damage-cases.js';
import {expiryCases} from './cases/expiry-cases.js';
import {keyCases} from './cases/key-cases.js';
import {lifecycleCases} from './cases/lifecycle-cases.js';
import {listingCases} from './cases/listing-cases.js';
import {processCases} from './cases/process-cases.js';
import {sessionCases} from './cases/session-cases.js';
import {sessionPlaceCases} from './cases/session-place-cases.js';
import {versionCases} from './cases/version-cases.js';
import type {CompleteFlags, ContractCase, ContractFlags, ContractStores} from './contract-case.js';
import {CLOSING_TIME, runCase} from './run-case.js';

/** Makes a backend, or a single cache, in a place: the same place means the same data, a new place is empty. */
export type ContractSubject =
	| {
			/** @param place a random name of letters, digits and hyphens */
			createBackend(place: string): Awaitable<ContractStores>;
	  }
	| {
			/** @param place a random name of letters, digits and hyphens */
			createCache(place: string): Awaitable<BaseCache>;
	  };

/** What is tested, and in what it differs. */
export type BackendContract = ContractSubject &
	ContractFlags & {
		/** Called after each test, when everything in the place is closed. @default nothing */
		readonly removePlace?: ((place: string) => Awaitable<void>) | undefined;
	};

/** The two functions of Jest, Vitest, Mocha or `node:test` that define tests. */
export interface ContractRunner {
	describe(name: string, define: () => void): unknown;
	/** @param timeout milliseconds; for Jest and Vitest. To Mocha it is told on what this returns */
	it(name: string, run: () => Promise<void>, timeout?: number): unknown;
}

const groups: Readonly<Record<string, readonly ContractCase[]>> = {
	basics: basicCases,
	bodies: bodyCases,
	'bodies written in pieces': bodyWritingCases,
	'bodies read in pieces': bodyReadingCases,
	keys: keyCases,
	listing: listingCases,
	'more than a page': bulkCases,
	versions: versionCases,
	expiry: expiryCases,
	concurrency: concurrencyCases,
	processes: processCases,
	'damaged records': damageCases,
	'life cycle': lifecycleCases,
	sessions: [...sessionCases, ...sessionPlaceCases],
};

const defaults = {
	persistent: true,
	rejectsAfterClose: true,
	touchKeepsVersion: true,
	listsKeys: true,
	metadataApart: true,
	longestKey: 1024,
	largestBody: 5_000_000,
	bulkCount: 2500,
	timeout: 60_000,
};

/**
 * Defines the tests that every backend must pass.
 *
 * @param name the backend's, for the report
 * @param contract how to make one, and its differences as flags; a test that a flag rules out is not defined
 * @param runner @default the global `describe` and `it`
 * @throws TypeError where there is no runner, or neither `createBackend` nor `createCache`
 */
export function describeBackendContract(name: string, contract: BackendContract, runner = globalRunner()): void {
	const hasRedirects = 'createBackend' in contract;
	if (!hasRedirects && !('createCache' in contract)) {
		throw new TypeError("Give 'createBackend' or 'createCache' in the second argument: it says what is tested");
	}
	const flags = completeFlags(contract);
	const time = flags.timeout + 2 * CLOSING_TIME;
	runner.describe(`${name}: the contract of backends`, () => {
		for (const [group, cases] of Object.entries(groups)) {
			const applying = cases.filter(({appliesTo}) => appliesTo?.(flags, hasRedirects) ?? true);
			if (applying.length === 0) {
				continue;
			}
			runner.describe(group, () => {
				for (const contractCase of applying) {
					const test = runner.it(contractCase.title, () => runCase(contractCase, contract, flags), time);
					setMochaTimeout(test, time);
				}
			});
		}
	});
}

function completeFlags(contract: BackendContract): CompleteFlags {
	const given = Object.fromEntries(Object.entries(contract).filter(([, value]) => value !== undefined));
	const flags = {...defaults, ...given};
	return {touchIsAtomic: flags.touchKeepsVersion, findsKeysOf: flags.listsKeys, ...flags};
}

/** Mocha takes no third argument, but gives what it defines, whose bound can be set. */
function setMochaTimeout(test: unknown, milliseconds: number): void {
	if (typeof test === 'object' && test !== null && 'timeout' in test && typeof test.timeout === 'function') {
		test.timeout(milliseconds);
	}
}

function globalRunner(): ContractRunner {
	const {describe, it} = globalThis as Partial<ContractRunner>;
	if (typeof describe !== 'function' || typeof it !== 'function') {
		throw new TypeError("Give 'describe' and 'it' as the third argument: there are none among the globals");
	}
	return {describe, it};
}
