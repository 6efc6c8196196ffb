import {readdirSync, readFileSync} from 'node:fs';
import path from 'node:path';
import {fileURLToPath} from 'node:url';
import {describe, expect, it} from '@jest/globals';
import ts from 'typescript';

/** Which folders of core a folder may import. `errors.ts` is everyone's; a file beside the folders is a layer by its own name. */
const allowedLayers: Readonly<Record<string, readonly string[]>> = {
	errors: [],
	http: ['http'],
	policy: ['policy', 'http'],
	storage: ['storage', 'http'],
	backend: ['backend', 'policy', 'storage', 'http'],
	session: ['session', 'backend', 'policy', 'storage', 'http'],
	index: ['session', 'backend', 'policy', 'storage', 'http'],
};

/** Layers that decide and do nothing: no I/O, no clock, nothing asynchronous. */
const pureLayers = new Set(['http', 'policy']);

const backendPackage = /^@got-client-cache\//;

/** A source file, by its path inside the repository, in POSIX form. */
interface Source {
	readonly file: string;
	readonly text: string;
}

/** What breaks the rules of CONTRIBUTING.md in a file, a line each; empty when nothing does. */
function violations({file, text}: Source): string[] {
	const [, packageName, , ...inside] = file.split('/');
	const tree = ts.createSourceFile(file, text, ts.ScriptTarget.Latest);
	const layer = packageName === 'core' ? layerOf(inside.join('/')) : undefined;
	const found = importsOf(tree).flatMap(specifier => importViolation(specifier, inside, layer) ?? []);
	if (layer !== undefined && pureLayers.has(layer)) {
		found.push(...impurities(tree));
	}
	return found.map(message => `${file}: ${message}`);
}

/** `policy/vary.ts` belongs to `policy`, `index.ts` to `index`. */
function layerOf(fileInSrc: string): string {
	return fileInSrc.split('/', 1)[0]!.replace(/\.(ts|js)$/, '');
}

/** `inside`: the importing file's path under `src`, in parts. `layer`: its layer in core; `undefined` in another package. */
function importViolation(specifier: string, inside: readonly string[], layer: string | undefined): string | undefined {
	if (backendPackage.test(specifier)) {
		return `imports ${specifier}, which only its user imports`;
	}
	if (specifier.startsWith('.')) {
		const target = path.posix.join(...inside.slice(0, -1), specifier);
		if (target.startsWith('..')) {
			return `imports ${specifier}, outside its package's src`;
		}
		if (!target.endsWith('.js')) {
			return `imports ${specifier}, which does not end in .js`;
		}
		const targetLayer = layerOf(target);
		const isAllowed = layer === undefined || targetLayer === 'errors' || allowedLayers[layer]?.includes(targetLayer);
		return isAllowed ? undefined : `${layer} imports ${targetLayer} (${specifier})`;
	}
	if (/^got(\/|$)/.test(specifier) && layer !== 'session') {
		return 'imports got, which only session/ may';
	}
	if (layer === undefined) {
		return specifier.startsWith('got-client-cache/') ? `imports ${specifier}, not core's public entry` : undefined;
	}
	if (pureLayers.has(layer) && specifier.startsWith('node:')) {
		return `${layer} is pure, and imports ${specifier}`;
	}
	return undefined;
}

/** Every specifier: of imports and re-exports, of types too, and of `import()`. */
function importsOf(tree: ts.SourceFile): string[] {
	const specifiers: string[] = [];
	visit(tree, node => {
		let specifier: ts.Node | undefined;
		if (ts.isImportDeclaration(node) || ts.isExportDeclaration(node)) {
			specifier = node.moduleSpecifier;
		} else if (ts.isCallExpression(node) && node.expression.kind === ts.SyntaxKind.ImportKeyword) {
			specifier = node.arguments[0];
		} else if (ts.isImportTypeNode(node) && ts.isLiteralTypeNode(node.argument)) {
			specifier = node.argument.literal;
		}
		if (specifier && ts.isStringLiteralLike(specifier)) {
			specifiers.push(specifier.text);
		}
	});
	return specifiers;
}

/** What a pure file must not have: anything asynchronous, and anything that reads a clock. */
function impurities(tree: ts.SourceFile): string[] {
	const found: string[] = [];
	visit(tree, node => {
		if (node.kind === ts.SyntaxKind.AsyncKeyword || ts.isAwaitExpression(node)) {
			found.push('is pure, and has async code');
		} else if (ts.isPropertyAccessExpression(node) && /^(Date|performance)\.now$/.test(node.getText(tree))) {
			found.push(`is pure, and calls ${node.getText(tree)}`);
		} else if (ts.isNewExpression(node) && node.expression.getText(tree) === 'Date' && !node.arguments?.length) {
			found.push('is pure, and calls new Date() without a time');
		} else if (ts.isCallExpression(node) && node.expression.getText(tree) === 'Date') {
			found.push('is pure, and calls Date()');
		}
	});
	return found;
}

function visit(node: ts.Node, see: (node: ts.Node) => void): void {
	see(node);
	ts.forEachChild(node, child => visit(child, see));
}

const root = fileURLToPath(new URL('../../../', import.meta.url));

function sourcesOf(packageName: string): Source[] {
	const folder = `packages/${packageName}/src`;
	return readdirSync(path.join(root, folder), {recursive: true, encoding: 'utf8'})
		.filter(name => name.endsWith('.ts'))
		.map(name => {
			const file = `${folder}/${name.replaceAll(path.sep, '/')}`;
			return {file, text: readFileSync(path.join(root, file), 'utf8')};
		});
}

describe('the layers', () => {
	const packages = readdirSync(path.join(root, 'packages'));

	it.each(packages)('are kept by every file of packages/%s', packageName => {
		const sources = sourcesOf(packageName);
		expect(sources.length).toBeGreaterThan(0);
		expect(sources.flatMap(violations)).toEqual([]);
	});

	it('have a rule for every folder and file of core', () => {
		const layers = new Set(sourcesOf('core').map(({file}) => layerOf(file.replace('packages/core/src/', ''))));
		expect(Object.keys(allowedLayers)).toEqual(expect.arrayContaining([...layers]));
	});
});

describe('the check itself', () => {
	it.each([
		['packages/core/src/policy/x.ts', "import {a} from '../storage/a.js';", 'policy imports storage'],
		['packages/core/src/policy/x.ts', "import type {A} from '../storage/a.js';", 'policy imports storage'],
		['packages/core/src/policy/x.ts', "export {a} from '../session/a.js';", 'policy imports session'],
		['packages/core/src/policy/x.ts', "let a: import('../backend/a.js').A;", 'policy imports backend'],
		['packages/core/src/storage/x.ts', "import {a} from '../policy/a.js';", 'storage imports policy'],
		['packages/core/src/http/x.ts', "import {a} from '../policy/a.js';", 'http imports policy'],
		['packages/core/src/backend/x.ts', "import {a} from '../session/a.js';", 'backend imports session'],
		['packages/core/src/session/x.ts', "import {a} from '../index.js';", 'session imports index'],
		['packages/core/src/errors.ts', "import {a} from './http/a.js';", 'errors imports http'],
		['packages/core/src/backend/x.ts', "const a = await import('got');", 'imports got'],
		['packages/core/src/index.ts', "export {got} from 'got';", 'imports got'],
		['packages/core/src/policy/x.ts', "import {createHash} from 'node:crypto';", 'policy is pure'],
		['packages/core/src/http/x.ts', 'export async function a() {}', 'async'],
		['packages/core/src/policy/x.ts', 'export const a = () => Date.now();', 'Date.now'],
		['packages/core/src/policy/x.ts', 'export const a = () => new Date();', 'new Date()'],
		['packages/core/src/session/x.ts', "import {a} from '@got-client-cache/sqlite';", 'only its user'],
		['packages/sqlite/src/x.ts', "import {a} from '@got-client-cache/contract';", 'only its user'],
		['packages/sqlite/src/x.ts', "import {a} from '../../core/src/index.js';", 'outside its package'],
		['packages/sqlite/src/x.ts', "import {a} from 'got-client-cache/dist/index.js';", "core's public entry"],
		['packages/sqlite/src/x.ts', "import {a} from './a';", 'does not end in .js'],
	])('reports, in %s: %s', (file, text, message) => {
		expect(violations({file, text})).toEqual([expect.stringContaining(message)]);
	});

	it.each([
		['packages/core/src/backend/x.ts', "import {a} from '../policy/a.js'; import {b} from '../errors.js';"],
		['packages/core/src/session/x.ts', "import got from 'got'; import {Mixin} from 'ts-mixer';"],
		['packages/core/src/storage/x.ts', "import {b} from 'node:fs'; export async function a() { return Date.now(); }"],
		['packages/core/src/policy/x.ts', "export const a = (now: number) => new Date(now); // import {b} from 'got';"],
		['packages/sqlite/src/x.ts', "import {BaseCache} from 'got-client-cache'; import {a} from './store/a.js';"],
	])('lets pass, in %s: %s', (file, text) => {
		expect(violations({file, text})).toEqual([]);
	});
});
