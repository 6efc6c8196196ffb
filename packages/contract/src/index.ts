/**
 * The tests that every backend of got-client-cache must pass.
 *
 * Left out on purpose: the single cases, which come and go with the contract.
 *
 * @packageDocumentation
 */
export type {ContractFlags, ContractStores, Damage} from './contract-case.js';
export {
	type BackendContract,
	type ContractRunner,
	type ContractSubject,
	describeBackendContract,
} from './describe-backend-contract.js';
export {sampleHop, sampleResponse, sampleVaryIndex} from './sample-metadata.js';
