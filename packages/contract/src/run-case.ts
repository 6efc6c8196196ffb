import {randomUUID} from 'node:crypto';
import {types} from 'node:util';
import {CacheBackend} from 'got-client-cache';
import type {CompleteFlags, ContractCase, ContractContext, ContractStores} from './contract-case.js';
import type {BackendContract} from './describe-backend-contract.js';

/** Milliseconds for closing what a case has opened, beside those for the case itself. */
export const CLOSING_TIME = 10_000;

interface Opened {
	readonly stores: ContractStores;
	backend(): Promise<CacheBackend>;
}

/** Runs a case in a new place, then closes what was opened there and removes the place. Rejects with what failed, and with the advice of the case. */
export async function runCase(
	contractCase: ContractCase,
	contract: BackendContract,
	flags: CompleteFlags,
): Promise<void> {
	const places = [`contract-${randomUUID()}`];
	const opened: Opened[] = [];
	const failures: unknown[] = [];
	const attempt = async (milliseconds: number, what: string, step: () => Promise<unknown>) =>
		withinTime(milliseconds, what, step).catch(error => failures.push(error));
	await attempt(flags.timeout, 'it', async () => contractCase.run(await openContext(contract, flags, places, opened)));
	await attempt(CLOSING_TIME, 'closing', async () =>
		Promise.all(opened.map(async ({stores}) => stores.close())).then(() => undefined),
	);
	for (const place of places) {
		await attempt(CLOSING_TIME, `removePlace('${place}')`, async () => contract.removePlace?.(place));
	}
	if (failures.length > 0) {
		throw withAdvice(failures[0], contractCase.advice);
	}
}

async function openContext(
	contract: BackendContract,
	flags: CompleteFlags,
	places: string[],
	opened: Opened[],
): Promise<ContractContext> {
	const open = async () => {
		const another = await openStores(contract, places);
		opened.push(another);
		return another;
	};
	const {stores, backend} = await open();
	return {
		cache: stores.responses,
		redirects: 'createBackend' in contract ? stores.redirects : undefined,
		place: places[0]!,
		flags,
		close: async () => stores.close(),
		openAnother: async () => (await open()).stores.responses,
		openBackend: backend,
		openAnotherBackend: async () => (await open()).backend(),
	};
}

async function openStores(contract: BackendContract, places: string[]): Promise<Opened> {
	const place = places[0]!;
	if ('createBackend' in contract) {
		const backend = await contract.createBackend(place);
		const {responses, redirects} = backend;
		return {
			stores: {responses, redirects, close: () => backend.close()},
			backend: async () =>
				backend instanceof CacheBackend ? backend : new CacheBackend(place, {responses, redirects}),
		};
	}
	const responses = await contract.createCache(place);
	const caches = [responses];
	return {
		stores: {
			responses,
			redirects: responses,
			async close() {
				await Promise.all(caches.map(async cache => cache.close()));
			},
		},
		// A session needs a second cache, in a place of its own.
		async backend() {
			const second = `${place}-redirects`;
			if (!places.includes(second)) {
				places.push(second);
			}
			const redirects = await contract.createCache(second);
			caches.push(redirects);
			return new CacheBackend(place, {responses, redirects});
		},
	};
}

async function withinTime(milliseconds: number, what: string, run: () => Promise<unknown>): Promise<void> {
	let timer: NodeJS.Timeout | undefined;
	const tooLate = new Promise<never>((_resolve, reject) => {
		timer = setTimeout(() => {
			reject(
				new Error(`${what} took longer than ${milliseconds} ms: something waits for what never comes, or is slow`),
			);
		}, milliseconds);
	});
	try {
		await Promise.race([run(), tooLate]);
	} finally {
		clearTimeout(timer);
	}
}

/** Another error, since most runners print the stack, where a message that is changed later is not seen. Errors of Node may come from another realm than this, so `instanceof` is no help. */
function withAdvice(failure: unknown, advice: string): Error {
	const message = types.isNativeError(failure) ? failure.message : String(failure);
	return new Error(`${message}\n\nWhat to look at: ${advice}`, {cause: failure});
}
