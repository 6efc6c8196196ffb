import {execFileSync} from 'node:child_process';
import {existsSync} from 'node:fs';
import {readdir, readFile, readlink, rename, rm, stat, truncate, writeFile} from 'node:fs/promises';
import path from 'node:path';
import {setImmediate as turn} from 'node:timers/promises';
import {crc32} from 'node:zlib';
import {sampleResponse} from '@got-client-cache/contract';
import {describe, expect, it} from '@jest/globals';
import {collectBody} from '../../../src/storage/bytes-body.js';
import {HEAD_SIZE, slotStart} from '../../../src/storage/file/file-head.js';
import {fileFolders, fileOf} from './file-folders.js';

const folders = fileFolders();
const none = new Uint8Array();

/** Files that this process has open in a folder. */
async function openFilesIn(folder: string): Promise<string[]> {
	const links = await Promise.all(
		(await readdir('/proc/self/fd')).map(fd => readlink(`/proc/self/fd/${fd}`).catch(() => '')),
	);
	return links.filter(link => link.startsWith(folder));
}

describe('a record in a file', () => {
	it.each([100, 100_000, 1_000_000])('of %d bytes keeps no file open, whatever is done with its body', async size => {
		const folder = folders.make();
		const {responses} = folders.open(folder);
		const body = Buffer.alloc(size, 'b');
		await responses.write('r.1', sampleResponse(), body);
		for (let count = 0; count < 20; count++) {
			const record = (await responses.read('r.1'))!;
			record.body.stream();
			for await (const piece of record.body.stream()) {
				expect(piece.byteLength).toBeGreaterThan(0);
				break;
			}
			expect(Buffer.compare((await record.body.bytes()) as Uint8Array, body)).toBe(0);
		}
		expect(await openFilesIn(folder)).toEqual([]);
	});

	it('takes metadata that grows and shrinks, and grows no further than that', async () => {
		const folder = folders.make();
		const {responses} = folders.open(folder);
		const body = Buffer.alloc(300_000, 'body ');
		const version = await responses.write('r.1', sampleResponse(), body);
		const sizes: number[] = [];
		for (let round = 0; round < 40; round++) {
			const statusMessage = 'm'.repeat((round % 4) * 3000);
			expect(await responses.touch('r.1', version, sampleResponse({statusMessage, expires: round}))).toBe(true);
			const record = (await responses.read('r.1'))!;
			expect(record.metadata).toMatchObject({statusMessage, expires: round});
			expect(record.version).toBe(version);
			expect(Buffer.compare(Buffer.from(await collectBody(record.body.stream())), body)).toBe(0);
			sizes.push((await stat(fileOf(folder, 'r.1'))).size);
		}
		expect(sizes.at(-1)).toBe(sizes[15]);
		expect(await responses.size()).toBe(1);
	});

	it('has the metadata from before when a renewal was torn', async () => {
		const folder = folders.make();
		const {responses} = folders.open(folder);
		const version = await responses.write('r.1', sampleResponse({statusMessage: 'first'}), Buffer.from('body'));
		await responses.touch('r.1', version, sampleResponse({statusMessage: 'second'}));
		const file = fileOf(folder, 'r.1');
		const content = await readFile(file);
		content.fill('#', content.indexOf('"second"'), content.indexOf('"second"') + 3);
		await writeFile(file, content);
		const record = await responses.read('r.1');
		expect(record).toMatchObject({version, metadata: {statusMessage: 'first'}});
		expect(await responses.touch('r.1', version, sampleResponse({statusMessage: 'third'}))).toBe(true);
		expect(await responses.read('r.1')).toMatchObject({version, metadata: {statusMessage: 'third'}});
	});

	it.each([
		['empty', async (file: string) => truncate(file, 0)],
		['cut in its head', async (file: string) => truncate(file, 40)],
		['cut in its body', async (file: string) => truncate(file, (await stat(file)).size - 1)],
		['full of zeros', async (file: string) => writeFile(file, Buffer.alloc((await stat(file)).size))],
		['something else', async (file: string) => writeFile(file, 'hello')],
		['changed in its body by one bit', (file: string) => changeByte(file, content => content.byteLength - 1)],
		['changed in its key', (file: string) => changeByte(file, () => 105)],
		['changed in its version', (file: string) => changeByte(file, () => 20)],
		['of another format', (file: string) => changeByte(file, () => 7)],
	])('that is %s is none, and goes', async (_, damage) => {
		const folder = folders.make();
		const {responses} = folders.open(folder);
		await responses.write('r.1', sampleResponse(), Buffer.from('some body'));
		await damage(fileOf(folder, 'r.1'));
		expect(await responses.read('r.1')).toBeUndefined();
		expect(existsSync(fileOf(folder, 'r.1'))).toBe(false);
		expect(await readdir(path.join(folder, 'tmp'))).toEqual([]);
	});

	it('in whose place there is a pipe is none, holds nobody up, and can be written again', async () => {
		const folder = folders.make();
		const {responses} = folders.open(folder);
		await responses.write('r.1', sampleResponse(), Buffer.from('one'));
		await rm(fileOf(folder, 'r.1'));
		execFileSync('mkfifo', [fileOf(folder, 'r.1')]);
		expect(await responses.read('r.1')).toBeUndefined();
		expect(await responses.contains('r.1')).toBe(false);
		expect(await responses.touch('r.1', 'v', sampleResponse())).toBe(false);
		await responses.write('r.1', sampleResponse(), Buffer.from('two'));
		expect((await responses.read('r.1'))?.body.size).toBe(3);
	}, 10_000);

	it('is renewed also where its file claims that it never can be again', async () => {
		const folder = folders.make();
		const {responses} = folders.open(folder);
		const version = await responses.write('r.1', sampleResponse(), none);
		await responses.touch('r.1', version, sampleResponse({statusMessage: 'second'}));
		const content = await readFile(fileOf(folder, 'r.1'));
		const slot = content.subarray(slotStart(1), slotStart(1) + 28);
		slot.writeUInt32LE(2 ** 32 - 1, 0);
		slot.writeUInt32LE(crc32(slot.subarray(0, 22)), 22);
		await writeFile(fileOf(folder, 'r.1'), content);
		expect(await responses.touch('r.1', version, sampleResponse({statusMessage: 'third'}))).toBe(true);
		expect(await responses.read('r.1')).toMatchObject({metadata: {statusMessage: 'third'}});
	});

	it('of a size that memory has no room for rejects as a fault when it is wanted whole', async () => {
		const folder = folders.make();
		const {responses} = folders.open(folder);
		await responses.write('r.1', sampleResponse(), Buffer.alloc(300_000));
		const content = await readFile(fileOf(folder, 'r.1'));
		const size = 2 ** 43;
		content.writeUIntLE(size, 38, 6);
		const keySize = content.readUInt32LE(12);
		content.writeUInt32LE(crc32(content.subarray(HEAD_SIZE, HEAD_SIZE + keySize), crc32(content.subarray(12, 48))), 8);
		await writeFile(fileOf(folder, 'r.1'), content);
		await truncate(fileOf(folder, 'r.1'), size + 10_000);
		const record = (await responses.read('r.1'))!;
		expect(record.body.size).toBe(size);
		await expect((async () => record.body.bytes())()).rejects.toMatchObject({code: 'ERR_CACHE_FAULT'});
	});

	it('is not taken from under the name of another', async () => {
		const folder = folders.make();
		const {responses} = folders.open(folder);
		await responses.write('r.1', sampleResponse(), Buffer.from('one'));
		await rename(fileOf(folder, 'r.1'), fileOf(folder, 'r.2'));
		expect(await responses.keysOf('r')).toEqual(['r.1']);
		expect(await responses.read('r.2')).toBeUndefined();
		expect(await responses.keysOf('r')).toEqual([]);
	});

	it('gives a large body that is changed by one bit up to its last piece, and goes', async () => {
		const folder = folders.make();
		const {responses} = folders.open(folder);
		await responses.write('r.1', sampleResponse(), Buffer.alloc(1_000_000, 'b'));
		await changeByte(fileOf(folder, 'r.1'), content => content.byteLength - 900_000);
		const record = (await responses.read('r.1'))!;
		let size = 0;
		const reading = (async () => {
			for await (const piece of record.body.stream()) {
				size += piece.byteLength;
			}
		})();
		await expect(reading).rejects.toMatchObject({code: 'ERR_CACHE_FAULT'});
		expect(size).toBeLessThan(1_000_000);
		expect(await responses.contains('r.1')).toBe(false);
		expect(await openFilesIn(folder)).toEqual([]);
	});

	it('whose body is still arriving does not keep a cache from closing, and leaves nothing', async () => {
		const folder = folders.make();
		const backend = folders.open(folder);
		let release = () => {};
		const waiting = new Promise<void>(resolve => {
			release = resolve;
		});
		async function* slow() {
			yield Buffer.alloc(300_000);
			await waiting;
			yield Buffer.alloc(300_000);
		}
		const writing = expect(backend.responses.write('r.1', sampleResponse(), slow())).rejects.toMatchObject({
			code: 'ERR_CACHE_CLOSED',
		});
		await turn();
		await backend.close();
		release();
		await writing;
		expect(await readdir(path.join(folder, 'tmp')).catch(() => [])).toEqual([]);
		expect(await folders.open(folder).responses.size()).toBe(0);
	});
});

async function changeByte(file: string, position: (content: Buffer) => number): Promise<void> {
	const content = await readFile(file);
	content[position(content)]! ^= 1;
	await writeFile(file, content);
}

describe('a damaged record', () => {
	it('goes also where nothing was ever written, and not with one that has taken its place', async () => {
		const folder = folders.make();
		const {responses} = folders.open(folder);
		await responses.write('r.1', sampleResponse(), Buffer.from('x'));
		await rm(path.join(folder, 'tmp'), {recursive: true});
		await truncate(fileOf(folder, 'r.1'), 50);
		expect(await folders.open(folder).responses.read('r.1')).toBeUndefined();
		expect(existsSync(fileOf(folder, 'r.1'))).toBe(false);

		await responses.write('r.1', sampleResponse(), Buffer.alloc(1_000_000));
		const record = (await responses.read('r.1'))!;
		await changeByte(fileOf(folder, 'r.1'), content => content.byteLength - 1);
		const pieces = record.body.stream()[Symbol.asyncIterator]();
		await pieces.next();
		await responses.write('r.1', sampleResponse(), Buffer.from('newer'));
		await expect(exhaust(pieces)).rejects.toMatchObject({code: 'ERR_CACHE_FAULT'});
		expect((await responses.read('r.1'))?.body.size).toBe(5);
		expect(await readdir(path.join(folder, 'tmp'))).toEqual([]);
	});
});

async function exhaust(pieces: AsyncIterator<Uint8Array>): Promise<void> {
	while (!(await pieces.next()).done) {
		// Only the end is of interest.
	}
}
