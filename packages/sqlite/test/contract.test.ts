import {rm} from 'node:fs/promises';
import {tmpdir} from 'node:os';
import path from 'node:path';
import {describeBackendContract} from '@got-client-cache/contract';
import {describe, it} from '@jest/globals';
import {SQLiteBackend} from '../src/sqlite-backend.js';

const folderOf = (place: string) => path.join(tmpdir(), place);

describeBackendContract(
	'SQLiteBackend',
	{
		createBackend: place => new SQLiteBackend(path.join(folderOf(place), 'cache')),
		removePlace: place => rm(folderOf(place), {recursive: true}),
	},
	{describe, it},
);

describeBackendContract(
	'SQLiteBackend in memory',
	{createBackend: () => new SQLiteBackend(':memory:'), persistent: false},
	{describe, it},
);
