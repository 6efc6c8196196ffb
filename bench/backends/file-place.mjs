import {readFile, rename, writeFile} from 'node:fs/promises';
import path from 'node:path';
import {FileBackend, MemoryCache} from 'got-client-cache';

/** Files, beside one `readFile`, and one `writeFile` with a `rename`, of the body alone. */
export async function openFilePlace(folder) {
	const backend = new FileBackend(path.join(folder, 'files'));
	let writes = 0;
	return {
		name: 'files',
		cache: backend.responses,
		baseline: {
			name: 'readFile; writeFile and rename',
			read: async key => (await readFile(path.join(folder, `${key}.plain`))).length,
			async write(key, _metadata, body) {
				const temporary = path.join(folder, `${writes++}.temporary`);
				await writeFile(temporary, body);
				await rename(temporary, path.join(folder, `${key}.plain`));
			},
		},
		targets: {},
		close: () => backend.close(),
	};
}

/** Memory, which has nothing beside it. */
export async function openMemoryPlace() {
	const cache = new MemoryCache({maxBytes: 1e9});
	return {name: 'memory', cache, targets: {}, close: () => cache.close()};
}
