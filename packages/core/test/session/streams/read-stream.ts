import {once} from 'node:events';
import type {Readable} from 'node:stream';

/** The whole of a stream. */
export async function bytesOf(stream: Readable): Promise<Buffer> {
	const chunks: Buffer[] = [];
	for await (const chunk of stream) {
		chunks.push(Buffer.from(chunk as Uint8Array));
	}
	return Buffer.concat(chunks);
}

/** The whole of a stream, as text. */
export async function textOf(stream: Readable): Promise<string> {
	return (await bytesOf(stream)).toString();
}

/** What a stream fails with, however much of it came before. */
export async function failureOf(stream: Readable): Promise<Error & {code?: string}> {
	stream.resume();
	const [error] = (await Promise.race([
		once(stream, 'error').catch((reason: unknown) => [reason]),
		once(stream, 'end').then(() => [new Error('it came to its end')]),
	])) as [Error];
	return error;
}

/** The names of the events of a stream, in order; `downloadProgress` with how much. */
export function eventsOf(stream: Readable, names: readonly string[]): string[] {
	const seen: string[] = [];
	for (const name of names) {
		stream.on(name, (argument: unknown) => {
			const {transferred, total, percent} = (argument ?? {}) as Record<string, unknown>;
			seen.push(name.endsWith('Progress') ? `${name} ${transferred}/${total} ${percent}` : name);
		});
	}
	return seen;
}

/** Bytes that repeat nowhere soon, so that a piece that is lost or doubled shows. */
export function sampleBytes(size: number): Buffer {
	const bytes = Buffer.alloc(size);
	for (let index = 0; index + 4 <= size; index += 4) {
		bytes.writeUInt32LE(index, index);
	}
	return bytes;
}
