// How the contract makes the backend of a place, breaks what is in it, and removes it. Second processes load this file, too.
import {createHash} from 'node:crypto';
import {readFile, rm, writeFile} from 'node:fs/promises';
import {tmpdir} from 'node:os';
import path from 'node:path';
import {deserialize, serialize} from 'node:v8';
import {FolderBackend} from './folder-backend.mjs';

const folderOf = place => path.join(tmpdir(), place);

export const createBackend = place => new FolderBackend(folderOf(place));

export const removePlace = place => rm(folderOf(place), {recursive: true, force: true});

export async function damage(place, key, what) {
	const file = path.join(folderOf(place), 'responses', createHash('sha256').update(key).digest('hex'));
	const content = await readFile(file);
	const [, version, metadata, body] = deserialize(content);
	const damaged = {
		metadata: () => serialize([key, version, '{"kind": nonsense', body]),
		format: () => serialize([key, version, metadata.replace(/"format":\d+/, '"format":9999'), body]),
		body: () => content.subarray(0, -1 - body.byteLength / 2),
	};
	await writeFile(file, damaged[what]());
}
