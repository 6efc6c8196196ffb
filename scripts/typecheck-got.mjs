/**
 * Checks the sources, the tests of the types and the declarations in `dist` (what a user's compiler sees) against the types of every supported got.
 * The declarations are checked as well, which `skipLibCheck` would leave out; those of third parties are not. Run it after `tsc -b`.
 *
 * Exits with 1 when there is an error.
 */
import {readFileSync} from 'node:fs';
import path from 'node:path';
import process from 'node:process';
import {fileURLToPath} from 'node:url';
import ts from 'typescript';

const GOT_PACKAGES = ['got', 'got-15', 'got-16'];

const host = {
	getCurrentDirectory: () => root,
	getCanonicalFileName: name => name,
	getNewLine: () => '\n',
};

const root = fileURLToPath(new URL('..', import.meta.url));
const own = path.join(root, 'packages') + path.sep;
const files = ts.sys.readDirectory(own, ['.ts'], undefined, ['core/src/**', 'core/test/types/**', '*/dist/**/*.d.ts']);

for (const name of GOT_PACKAGES) {
	const {version, exports} = readJson(`node_modules/${name}/package.json`);
	const errors = errorsWith(path.join(root, 'node_modules', name, exports.types));
	console.log(`got ${version}: ${files.length} files, ${errors.length} errors`);
	if (errors.length > 0) {
		console.error(ts.formatDiagnostics(errors, host));
		process.exitCode = 1;
	}
}

/** The errors in our own files when the name `got` means these types. */
function errorsWith(types) {
	const {config} = ts.readConfigFile(path.join(root, 'tsconfig.base.json'), ts.sys.readFile);
	const {options} = ts.parseJsonConfigFileContent({...config, include: []}, ts.sys, root);
	const program = ts.createProgram(files, {
		...options,
		composite: false,
		declaration: false,
		declarationMap: false,
		noEmit: true,
		skipLibCheck: false,
		paths: {got: [types]},
	});
	return [
		...program.getOptionsDiagnostics(),
		...program.getGlobalDiagnostics(),
		...program
			.getSourceFiles()
			.filter(({fileName}) => path.resolve(fileName).startsWith(own) && !fileName.includes('/node_modules/'))
			.flatMap(file => [...program.getSyntacticDiagnostics(file), ...program.getSemanticDiagnostics(file)]),
	];
}

function readJson(file) {
	return JSON.parse(readFileSync(path.join(root, file), 'utf8'));
}
