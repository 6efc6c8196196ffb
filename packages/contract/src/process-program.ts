// What second processes run: node process-program.js, with a channel to the test that started it.
import process from 'node:process';
import {inspect} from 'node:util';
import type {Awaitable, BaseCache} from 'got-client-cache';
import type {ContractStores} from './contract-case.js';
import {type HammerOrder, hammer} from './hammer.js';

/** What a test tells a process: what to open, and what to do in it. */
export interface ProcessOrder {
	/** The URL of the module that makes backends. */
	readonly module: string;
	readonly place: string;
	readonly hammer: HammerOrder;
}

/** What a process tells its test. */
export type ProcessReport =
	| {readonly kind: 'ready'}
	| {readonly kind: 'round'; readonly round: number}
	| {readonly kind: 'done'}
	| {readonly kind: 'failed'; readonly reason: string};

interface ProcessModule {
	createBackend?(place: string): Awaitable<ContractStores>;
	createCache?(place: string): Awaitable<BaseCache>;
}

// Whatever becomes of the test, nothing is left running.
process.on('disconnect', () => process.exit(1));
process.once('message', (order: ProcessOrder) => {
	obey(order).then(
		() => report({kind: 'done'}),
		(error: unknown) => report({kind: 'failed', reason: inspect(error)}),
	);
});
report({kind: 'ready'});

async function obey({module, place, hammer: order}: ProcessOrder): Promise<void> {
	const {createBackend, createCache}: ProcessModule = await import(module);
	if (!createBackend && !createCache) {
		throw new TypeError(`The process module ${module} exports neither createBackend nor createCache`);
	}
	const backend = createBackend ? await createBackend(place) : await createCache!(place);
	const cache = 'responses' in backend ? backend.responses : backend;
	try {
		await hammer(cache, order, round => report({kind: 'round', round}));
	} finally {
		await backend.close();
	}
}

function report(message: ProcessReport): void {
	process.send?.(message);
}
