import {createHash} from 'node:crypto';
import {readdir} from 'node:fs/promises';
import path from 'node:path';
import {ignoreMissing} from './file-descriptor.js';

/** A folder for each of 256 groups of resources. */
const GROUP_NAME = /^[0-9a-f]{2}$/;

/** What stands for the resource, and what stands for the key. */
const RECORD_NAME = /^[0-9a-f]{32}-[0-9a-f]{32}$/;

/** Where the record of a key is, below the folder of its cache. Digests, because keys may be longer than names can be, and may differ in case only. */
export function recordFile(key: string): string {
	const resource = digest(firstPart(key));
	return path.join(resource.slice(0, 2), `${resource}-${digest(key)}`);
}

/** Whether a file that was found in the folder of its cache is where the record of this key belongs. */
export function isRecordFileOf(file: string, key: string): boolean {
	return file.endsWith(recordFile(key));
}

/** The paths of the records in the folder of a cache, one group after the other. What has another kind of name is not ours. */
export async function* recordFiles(folder: string): AsyncGenerator<string[], void, undefined> {
	for (const group of await namesIn(folder)) {
		if (GROUP_NAME.test(group)) {
			yield namedFiles(path.join(folder, group), '');
		}
	}
}

/** The paths of the records among which all keys are that begin with `<resource>.`; there may be others. */
export async function recordFilesOf(folder: string, resource: string): Promise<string[]> {
	const stem = digest(firstPart(`${resource}.`));
	return namedFiles(path.join(folder, stem.slice(0, 2)), `${stem}-`);
}

async function namedFiles(folder: string, prefix: string): Promise<string[]> {
	const names = await namesIn(folder);
	// While files are replaced, a listing may have a name twice.
	const ours = new Set(names.filter(name => name.startsWith(prefix) && RECORD_NAME.test(name)));
	return [...ours].map(name => path.join(folder, name));
}

async function namesIn(folder: string): Promise<string[]> {
	return (await ignoreMissing(readdir(folder))) ?? [];
}

/** Keys that the library makes have one dot, so that this is their resource; all keys that share a longer beginning share this one too. */
function firstPart(key: string): string {
	const dot = key.indexOf('.');
	return dot === -1 ? key : key.slice(0, dot);
}

function digest(text: string): string {
	// UTF-16, which tells lone surrogates apart.
	return createHash('sha256').update(text, 'utf16le').digest('hex').slice(0, 32);
}
