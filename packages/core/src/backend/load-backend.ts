import {createRequire} from 'node:module';
import path from 'node:path';
import {pathToFileURL} from 'node:url';
import {CachedSessionError} from '../errors.js';
import type {CacheBackend} from './cache-backend.js';

/** A class of backends, of which nothing but this is known here. */
export type BackendClass = new (name?: string, options?: object) => CacheBackend;

/**
 * A class out of a package that is loaded now, and that core does not depend on.
 *
 * @throws CachedSessionError `ERR_MISSING_PACKAGE` where it is not installed, `ERR_CACHE_FAULT` where it cannot be loaded although it is
 */
export async function loadBackend(packageName: string, className: string): Promise<BackendClass> {
	let loaded: Record<string, unknown>;
	try {
		loaded = await importPackage(packageName);
	} catch (cause) {
		if (isMissing(cause, packageName)) {
			const message = `The package ${packageName} is not installed: npm install ${packageName}`;
			throw new CachedSessionError('ERR_MISSING_PACKAGE', message, {cause});
		}
		const reason = cause instanceof Error ? cause.message : String(cause);
		throw new CachedSessionError('ERR_CACHE_FAULT', `The package ${packageName} cannot be loaded: ${reason}`, {cause});
	}
	const backendClass = loaded[className];
	if (typeof backendClass !== 'function') {
		throw new CachedSessionError(
			'ERR_CACHE_FAULT',
			`The package ${packageName} has no ${className}: is it of another version?`,
		);
	}
	return backendClass as BackendClass;
}

/** As seen from here, and, since some package managers show a package nothing but its own dependencies, as seen from the program. */
async function importPackage(packageName: string): Promise<Record<string, unknown>> {
	try {
		return await import(packageName);
	} catch (error) {
		if (!isMissing(error, packageName)) {
			throw error;
		}
		// Not from the working folder of a program: whoever owns that is not whoever wrote the program.
		const program = process.argv[1] ?? path.resolve('program.js');
		return import(pathToFileURL(createRequire(path.resolve(program)).resolve(packageName)).href);
	}
}

/** Whether it is this package that was not found, not one that it needs, nor a file inside it. */
function isMissing(error: unknown, packageName: string): boolean {
	const {code, message} = (error ?? {}) as {code?: unknown; message?: unknown};
	const isNotFound = code === 'ERR_MODULE_NOT_FOUND' || code === 'MODULE_NOT_FOUND';
	return (
		isNotFound && ['package', 'module'].some(kind => String(message).startsWith(`Cannot find ${kind} '${packageName}'`))
	);
}
