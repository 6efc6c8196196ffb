import {type BackendContract, type ContractRunner, describeBackendContract} from '../src/describe-backend-contract.js';

/** What came of running the contract by itself. */
export interface Outcome {
	/** All titles that it defined. */
	readonly all: readonly string[];
	/** The titles of the tests that were run and failed, with what they said. */
	readonly failed: ReadonlyMap<string, Error>;
}

/** Runs the contract by itself. @param titles the tests that are run; all, where they are left out */
export async function runContract(contract: BackendContract, titles?: ReadonlySet<string>): Promise<Outcome> {
	const tests: Array<{title: string; run: () => Promise<void>}> = [];
	const runner: ContractRunner = {
		describe: (_name, define) => define(),
		it: (title, run) => tests.push({title, run}),
	};
	describeBackendContract('a store', contract, runner);
	const failed = new Map<string, Error>();
	for (const {title, run} of tests) {
		if (titles?.has(title) ?? true) {
			await run().catch((error: Error) => failed.set(title, error));
		}
	}
	return {all: tests.map(({title}) => title), failed};
}
