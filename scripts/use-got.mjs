/**
 * Lets the name `got` mean the package that the environment variable `GOT_PACKAGE` names, in a program that is started
 * with `--import` of this file. Node.js 22.15 or newer.
 */
import module from 'node:module';
import process from 'node:process';

const {GOT_PACKAGE = 'got'} = process.env;

module.registerHooks({
	// Looked for from here: a program may have a copy of the library with a `got` beside it, and nothing else.
	resolve: (specifier, context, nextResolve) =>
		specifier === 'got' && GOT_PACKAGE !== 'got'
			? nextResolve(GOT_PACKAGE, {...context, parentURL: import.meta.url})
			: nextResolve(specifier, context),
});
