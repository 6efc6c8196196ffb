import {createHash, randomUUID} from 'node:crypto';
import {mkdir, readdir, readFile, rename, rm, writeFile} from 'node:fs/promises';
import path from 'node:path';
import {BaseCache, BytesBody, decodeMetadata, encodeMetadata} from 'got-client-cache';

/** Keeps every record in a file of a folder. */
export class FolderCache extends BaseCache {
	constructor(folder) {
		super();
		this.folder = folder;
	}

	async read(key) {
		const record = await readRecord(this.#fileOf(key));
		if (record?.metadata === undefined) {
			await this.delete(key); // corrupt, or of another version
			return undefined;
		}
		return record;
	}

	async write(key, metadata, body) {
		const version = randomUUID();
		const content = body instanceof Uint8Array ? Buffer.from(body) : body; // the caller may change its bytes from now on
		const head = `${JSON.stringify([key, version, encodeMetadata(metadata)])}\n`;
		const unfinished = path.join(this.folder, `${version}.tmp`);
		await mkdir(this.folder, {recursive: true});
		try {
			await writeFile(unfinished, head);
			await writeFile(unfinished, content, {flag: 'a'});
			await rename(unfinished, this.#fileOf(key)); // visible in one step, and only now
		} finally {
			await rm(unfinished, {force: true});
		}
		return version;
	}

	async delete(key) {
		return rm(this.#fileOf(key)).then(() => true, unlessMissing(false));
	}

	async *keys() {
		for (const name of await readdir(this.folder).catch(unlessMissing([]))) {
			const record = name.endsWith('.tmp') ? undefined : await readRecord(path.join(this.folder, name));
			if (record?.metadata) {
				yield record.key;
			}
		}
	}

	async clear() {
		await rm(this.folder, {recursive: true, force: true});
	}

	#fileOf(key) {
		return path.join(this.folder, createHash('sha256').update(key).digest('hex'));
	}
}

async function readRecord(file) {
	const content = await readFile(file).catch(unlessMissing(undefined));
	if (content === undefined) {
		return undefined;
	}
	try {
		const headEnd = content.indexOf('\n');
		const [key, version, metadata] = JSON.parse(content.toString('utf8', 0, headEnd));
		return {key, version, metadata: decodeMetadata(metadata), body: new BytesBody(content.subarray(headEnd + 1))};
	} catch {
		return {metadata: undefined};
	}
}

/** A file or folder that is not there is no fault: there is simply nothing. */
function unlessMissing(value) {
	return error => {
		if (error.code !== 'ENOENT') {
			throw error;
		}
		return value;
	};
}
