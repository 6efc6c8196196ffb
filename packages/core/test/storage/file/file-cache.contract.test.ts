import {readFile, rm, truncate, writeFile} from 'node:fs/promises';
import {tmpdir} from 'node:os';
import path from 'node:path';
import {type Damage, describeBackendContract} from '@got-client-cache/contract';
import {describe, it} from '@jest/globals';
import {FileBackend} from '../../../src/backend/file-backend.js';
import {recordFile} from '../../../src/storage/file/file-names.js';

const folderOf = (place: string) => path.join(tmpdir(), place);

/** Changes bytes in the middle of a record's file, or cuts it. */
async function damage(place: string, key: string, what: Damage): Promise<void> {
	const file = path.join(folderOf(place), 'responses', recordFile(key));
	const content = await readFile(file);
	switch (what) {
		case 'metadata':
			content.fill('?', content.indexOf('{"format"'), content.indexOf('{"format"') + 20);
			return writeFile(file, content);
		case 'format':
			content[7] = 250;
			return writeFile(file, content);
		case 'body':
			return truncate(file, content.byteLength - 1);
	}
}

describeBackendContract(
	'FileBackend',
	{
		createBackend: place => new FileBackend(folderOf(place)),
		removePlace: place => rm(folderOf(place), {recursive: true, force: true}),
		processModule: new URL('fixtures/file-place.mjs', import.meta.url),
		damage,
	},
	{describe, it},
);
