import {execFile} from 'node:child_process';
import {readdirSync} from 'node:fs';
import {mkdtemp, readFile, rm, symlink, writeFile} from 'node:fs/promises';
import {tmpdir} from 'node:os';
import path from 'node:path';
import {fileURLToPath} from 'node:url';
import {promisify} from 'node:util';
import {afterEach, beforeEach, describe, expect, it, jest} from '@jest/globals';
import ts from 'typescript';
import {type Origin, startOrigin} from '../test-support/origin-server.js';

// Programs are started, and code is compiled.
jest.setTimeout(60_000);

const root = fileURLToPath(new URL('..', import.meta.url));
/** What examples are made of. */
const parts = ['demo-program.mjs', 'origin.mjs', ...['contract.test', 'folder-backend', 'place'].map(inCustomBackend)];
const files = readdirSync(path.join(root, 'examples'), {recursive: true, encoding: 'utf8'});
const examples = files
	.map(name => name.replaceAll(path.sep, '/'))
	.filter(name => name.endsWith('.mjs') && !parts.includes(name));

function inCustomBackend(name: string): string {
	return `custom-backend/${name}.mjs`;
}

/** Runs a program with node, and gives what it printed; rejects when it exits with anything but zero. */
async function run(folder: string, ...parameters: string[]): Promise<string> {
	const {stdout} = await promisify(execFile)(process.execPath, parameters, {cwd: folder});
	return stdout;
}

describe('every example', () => {
	it.each(examples)('%s runs, and what it claims holds', async example => {
		await expect(run(path.join(root, 'examples'), example)).resolves.not.toBe('');
	});
});

describe('the backend of one’s own', () => {
	it('passes the contract, with the test runner of Node', async () => {
		const report = await run(
			path.join(root, 'examples'),
			'--test',
			'--test-reporter=tap',
			inCustomBackend('contract.test'),
		);
		expect(report).toMatch(/^# fail 0$/m);
		expect(Number(/^# pass (\d+)$/m.exec(report)?.[1])).toBeGreaterThan(75);
	});
});

describe('the code in the documentation', () => {
	const {config} = ts.readConfigFile(path.join(root, 'tsconfig.base.json'), ts.sys.readFile);
	const {options} = ts.parseJsonConfigFileContent({...config, include: []}, ts.sys, root);
	let folder: string;
	let origin: Origin;

	beforeEach(async () => {
		origin = await startOrigin({body: {hello: 'world'}});
		origin.route('/delay/1', {body: 'slow', delay: 1000});
		folder = await mkdtemp(path.join(tmpdir(), 'got-client-cache-readme-'));
		await symlink(path.join(root, 'node_modules'), path.join(folder, 'node_modules'), 'junction');
		await writeFile(path.join(folder, 'package.json'), '{"type": "module"}');
	});

	afterEach(async () => {
		await origin.close();
		await rm(folder, {recursive: true, force: true});
	});

	/** Makes a program of a page's nth block of TypeScript, with the local origin in place of the one that it names. */
	async function programOf(page: string, n: number): Promise<string> {
		const text = await readFile(path.join(root, page), 'utf8');
		const blocks = [...text.matchAll(/^```ts\n(.*?)^```/gms)].map(([, block]) => block!);
		const code = blocks[n]!.replaceAll('http://127.0.0.1:8080', origin.url);
		const file = path.join(folder, 'example.ts');
		await writeFile(file, code);
		expect(typeErrors(file)).toEqual([]);
		const {outputText} = ts.transpileModule(code, {compilerOptions: {...options, module: ts.ModuleKind.ESNext}});
		await writeFile(path.join(folder, 'example.js'), outputText);
		return 'example.js';
	}

	function typeErrors(file: string): string[] {
		const program = ts.createProgram([file], {...options, composite: false, noEmit: true});
		return ts.getPreEmitDiagnostics(program).map(({messageText}) => ts.flattenDiagnosticMessageText(messageText, '\n'));
	}

	it.each(['README.md', 'packages/core/README.md'])(
		'of %s, first block: one request, and none the second time',
		async page => {
			const program = await programOf(page, 0);
			await run(folder, program);
			expect(origin.requests).toHaveLength(1);
			await run(folder, program);
			expect(origin.requests).toHaveLength(1);
		},
		30_000,
	);

	it('of README.md, second block: the limiter lets the only miss through', async () => {
		await run(folder, await programOf('README.md', 1));
		expect(origin.requests).toHaveLength(1);
	});

	it.each(['folder-backend', 'contract.test'])(
		'of docs/backends.md: %s is that of examples/custom-backend',
		async name => {
			const page = await readFile(path.join(root, 'docs/backends.md'), 'utf8');
			const blocks = [...page.matchAll(/^```js\n(.*?)^```/gms)].map(([, block]) => block);
			expect(blocks).toContain(await readFile(path.join(root, 'examples', inCustomBackend(name)), 'utf8'));
		},
	);
});
