import {rm} from 'node:fs/promises';
import {tmpdir} from 'node:os';
import path from 'node:path';
import {describeBackendContract} from '@got-client-cache/contract';
import {describe, it, jest} from '@jest/globals';
import type {BaseCache} from 'got-client-cache';

// By a path that the compiler does not follow: the example is JavaScript, and has no types.
const {FolderCache}: {FolderCache: new (folder: string) => BaseCache} = await import(
	new URL('folder-cache.mjs', import.meta.url).href
);

// A thousand records are a thousand files, which takes its time on a busy machine.
jest.setTimeout(60_000);

const folderOf = (place: string) => path.join(tmpdir(), place);

describeBackendContract(
	'FolderCache',
	{
		createCache: place => new FolderCache(folderOf(place)),
		removePlace: place => rm(folderOf(place), {recursive: true, force: true}),
		rejectsAfterClose: false,
		touchKeepsVersion: false,
	},
	{describe, it},
);
