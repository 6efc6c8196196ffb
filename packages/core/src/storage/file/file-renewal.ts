import {fstat, write} from 'node:fs';
import {promisify} from 'node:util';
import {crc32} from 'node:zlib';
import {encodeSlot, type MetadataSlot, roomFor, slotStart} from './file-head.js';
import type {RecordHead} from './file-record.js';

/** Puts other metadata into a record's file, which stays readable at every moment: it goes where the metadata in use is not, and only then is pointed to. */
export async function renewMetadata(descriptor: number, head: RecordHead, metadata: string): Promise<void> {
	const bytes = Buffer.from(metadata);
	const index = head.used.index === 0 ? 1 : 0;
	const unused = head.slots.find(slot => slot.index === index);
	const size = bytes.byteLength;
	let place = unused && size <= unused.room ? unused : undefined;
	if (place === undefined) {
		const room = roomFor(size);
		place = {...head.used, start: (await promisify(fstat)(descriptor)).size, room};
		// All of it, so that the file's end is behind what it may be used for later.
		await writeFully(descriptor, Buffer.concat([bytes], room), place.start);
	} else {
		await writeFully(descriptor, bytes, place.start);
	}
	const slot: MetadataSlot = {...place, index, sequence: head.used.sequence + 1, size, checksum: crc32(bytes)};
	await writeFully(descriptor, encodeSlot(slot), slotStart(index));
}

async function writeFully(descriptor: number, bytes: Buffer, position: number): Promise<void> {
	for (let done = 0; done < bytes.byteLength; ) {
		done += await writeOnce(descriptor, bytes, done, position + done);
	}
}

function writeOnce(descriptor: number, bytes: Buffer, offset: number, position: number): Promise<number> {
	return new Promise((resolve, reject) => {
		write(descriptor, bytes, offset, bytes.byteLength - offset, position, (error, count) =>
			error ? reject(error) : resolve(count),
		);
	});
}
