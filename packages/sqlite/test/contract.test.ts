import {rm} from 'node:fs/promises';
import {tmpdir} from 'node:os';
import path from 'node:path';
import {type Damage, describeBackendContract} from '@got-client-cache/contract';
import {describe, it} from '@jest/globals';
import {SQLiteBackend} from '../src/sqlite-backend.js';
import {RawDatabase} from './raw-database.js';
import {testedDriver} from './tested-driver.js';

const folderOf = (place: string) => path.join(tmpdir(), place);
const fileOf = (place: string) => path.join(folderOf(place), 'cache.sqlite');

const ofKey = (key: string) => `(SELECT id FROM responses WHERE key = '${key}')`;

const damages: Readonly<Record<Damage, (key: string) => string>> = {
	metadata: key => `UPDATE responses SET metadata = '{"format":' WHERE key = '${key}'`,
	format: key => `UPDATE responses SET metadata = json_set(metadata, '$.format', 99) WHERE key = '${key}'`,
	body: key => `
		UPDATE responses_small_body SET body = substr(body, 1, length(body) / 2) WHERE id = ${ofKey(key)};
		DELETE FROM large_body_chunk
			WHERE id = (SELECT max(id) FROM large_body_chunk WHERE id >> 20 = (SELECT large FROM responses WHERE key = '${key}'))`,
};

describeBackendContract(
	`SQLiteBackend with ${testedDriver}`,
	{
		createBackend: place => new SQLiteBackend(fileOf(place), {driver: testedDriver}),
		removePlace: place => rm(folderOf(place), {recursive: true}),
		damage: (place, key, damage) => RawDatabase.execute(fileOf(place), damages[damage](key)),
		processModule: new URL('fixtures/contract-backend.mjs', import.meta.url),
	},
	{describe, it},
);

describeBackendContract(
	`SQLiteBackend with ${testedDriver} in memory`,
	{createBackend: () => new SQLiteBackend(':memory:', {driver: testedDriver}), persistent: false},
	{describe, it},
);
