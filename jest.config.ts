/** @jest-config-loader esbuild-register */
import process from 'node:process';
import type {Config} from 'jest';

// The package that answers to the name `got`: `npm run test:matrix` runs the tests with got 15 and 16 as well.
const {GOT_PACKAGE = 'got'} = process.env;

const config: Config = {
	testEnvironment: 'node',
	// Jest would leave one processor out; many tests wait for servers and other processes.
	maxWorkers: 2,
	// A test that hangs is a failure; one on a machine that is busy with other work is not.
	testTimeout: 30_000,
	testEnvironmentOptions: {customExportConditions: ['got-client-cache-source', 'node', 'node-addons']},
	testMatch: ['<rootDir>/packages/*/test/**/*.test.ts', '<rootDir>/examples/*.test.ts'],
	extensionsToTreatAsEsm: ['.ts'],
	moduleNameMapper: {'^(\\.{1,2}/.*)\\.js$': '$1', '^got$': GOT_PACKAGE},
	transform: {
		'^.+\\.ts$': [
			'@swc/jest',
			{
				jsc: {
					parser: {syntax: 'typescript', decorators: true},
					transform: {decoratorVersion: '2022-03'},
					target: 'es2022',
				},
				module: {type: 'es6'},
				sourceMaps: 'inline',
			},
		],
	},
	coverageProvider: 'v8',
	collectCoverageFrom: ['packages/*/src/**/*.ts'],
	coverageThreshold: {global: {lines: 90}},
};

export default config;
