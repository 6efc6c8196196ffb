import {randomUUID} from 'node:crypto';
import type {Awaitable, BaseCache} from 'got-client-cache';
import {basicCases} from './cases/basic-cases.js';
import {bodyCases} from './cases/body-cases.js';
import {concurrencyCases} from './cases/concurrency-cases.js';
import {keyCases} from './cases/key-cases.js';
import {lifecycleCases} from './cases/lifecycle-cases.js';
import {versionCases} from './cases/version-cases.js';
import type {CompleteFlags, ContractCase, ContractContext, ContractFlags, ContractStores} from './contract-case.js';

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
	it(name: string, run: () => Promise<void>): unknown;
}

const groups: Readonly<Record<string, readonly ContractCase[]>> = {
	basics: basicCases,
	bodies: bodyCases,
	keys: keyCases,
	'versions and expiry': versionCases,
	concurrency: concurrencyCases,
	'life cycle': lifecycleCases,
};

const defaults: CompleteFlags = {
	persistent: true,
	rejectsAfterClose: true,
	touchKeepsVersion: true,
	longestKey: 1024,
	largestBody: 1_500_000,
};

/**
 * Defines the tests that every backend must pass.
 *
 * @param name the backend's, for the report
 * @param contract how to make one, and its differences as flags; a test that a flag rules out is not defined
 * @param runner @default the global `describe` and `it`
 * @throws TypeError where there is no runner
 */
export function describeBackendContract(name: string, contract: BackendContract, runner = globalRunner()): void {
	const given = Object.entries(contract).filter(([, value]) => value !== undefined);
	const flags: CompleteFlags = {...defaults, ...Object.fromEntries(given)};
	const hasRedirects = 'createBackend' in contract;
	runner.describe(`${name}: the contract of backends`, () => {
		for (const [group, cases] of Object.entries(groups)) {
			runner.describe(group, () => {
				for (const {title, run, appliesTo} of cases) {
					if (appliesTo?.(flags, hasRedirects) ?? true) {
						runner.it(title, () => inNewPlace(contract, flags, run));
					}
				}
			});
		}
	});
}

async function inNewPlace(
	contract: BackendContract,
	flags: CompleteFlags,
	run: (context: ContractContext) => Promise<void>,
): Promise<void> {
	const place = `contract-${randomUUID()}`;
	const opened: ContractStores[] = [];
	const open = async () => {
		const stores = await openStores(contract, place);
		opened.push(stores);
		return stores;
	};
	try {
		const {responses, redirects, close} = await open();
		await run({
			cache: responses,
			redirects: 'createBackend' in contract ? redirects : undefined,
			flags,
			close: async () => close(),
			openAnother: async () => (await open()).responses,
		});
	} finally {
		await Promise.all(opened.map(async stores => stores.close()));
		await contract.removePlace?.(place);
	}
}

async function openStores(contract: BackendContract, place: string): Promise<ContractStores> {
	if ('createBackend' in contract) {
		const backend = await contract.createBackend(place);
		return {responses: backend.responses, redirects: backend.redirects, close: () => backend.close()};
	}
	const cache = await contract.createCache(place);
	return {responses: cache, redirects: cache, close: () => cache.close()};
}

function globalRunner(): ContractRunner {
	const {describe, it} = globalThis as Partial<ContractRunner>;
	if (typeof describe !== 'function' || typeof it !== 'function') {
		throw new TypeError("Give 'describe' and 'it' as the third argument: there are none among the globals");
	}
	return {describe, it};
}
