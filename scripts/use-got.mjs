/**
 * Lets the name `got` mean the package that the environment variable `GOT_PACKAGE` names, in a program that is started
 * with `--import` of this file. Node.js 22.15 or newer.
 */
import module from 'node:module';
import process from 'node:process';

const {GOT_PACKAGE = 'got'} = process.env;

module.registerHooks({
	resolve: (specifier, context, nextResolve) => nextResolve(specifier === 'got' ? GOT_PACKAGE : specifier, context),
});
