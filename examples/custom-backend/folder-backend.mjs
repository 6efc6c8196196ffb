import {createHash, randomUUID} from 'node:crypto';
import {mkdir, readdir, readFile, rename, unlink, writeFile} from 'node:fs/promises';
import path from 'node:path';
import {deserialize, serialize} from 'node:v8';
import {BaseCache, BytesBody, CacheBackend, collectBody, decodeMetadata, encodeMetadata} from 'got-client-cache';

/** Keeps every record in a file of a folder. */
class FolderCache extends BaseCache {
	constructor(folder) {
		super();
		this.fileOf = key => path.join(folder, createHash('sha256').update(key).digest('hex'));
		this.files = async () => ((await unlessMissing(readdir(folder))) ?? []).map(name => path.join(folder, name));
	}

	async read(key) {
		const record = await load(this.fileOf(key));
		if (record !== 'damaged') {
			return record;
		}
		await this.delete(key);
		return undefined;
	}

	async write(key, metadata, body) {
		const bytes = await collectBody(body); // a copy: the caller may change its bytes from now on
		const [version, file] = [randomUUID(), this.fileOf(key)];
		await mkdir(path.dirname(file), {recursive: true});
		await writeFile(`${file}.${version}`, serialize([key, version, encodeMetadata(metadata), bytes]));
		await rename(`${file}.${version}`, file); // visible in one step, and only now
		return version;
	}

	async delete(key) {
		return (await unlessMissing(unlink(this.fileOf(key)).then(() => true))) ?? false;
	}

	async *keys() {
		for (const file of await this.files()) {
			const {key} = (await load(file)) ?? {};
			if (key !== undefined && file === this.fileOf(key)) {
				yield key;
			}
		}
	}

	async clear() {
		await Promise.all((await this.files()).map(file => unlessMissing(unlink(file))));
	}
}

/** A backend whose place is a folder. */
export class FolderBackend extends CacheBackend {
	constructor(folder, settings) {
		const [responses, redirects] = ['responses', 'redirects'].map(name => new FolderCache(path.join(folder, name)));
		super(folder, {...settings, responses, redirects});
	}
}

async function load(file) {
	const content = await unlessMissing(readFile(file));
	try {
		const [key, version, text, bytes] = content ? deserialize(content) : [];
		const metadata = content && decodeMetadata(text);
		return content && (metadata ? {key, metadata, body: new BytesBody(bytes), version} : 'damaged');
	} catch {
		return 'damaged'; // not what `write` wrote
	}
}

async function unlessMissing(promise) {
	return promise.catch(error => (error.code === 'ENOENT' ? undefined : Promise.reject(error)));
}
