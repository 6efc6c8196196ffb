import {randomBytes} from 'node:crypto';
import {brotliCompressSync} from 'node:zlib';
import {sampleResponse} from '@got-client-cache/contract';
import {describe, expect, it} from '@jest/globals';
import type {AnyItem} from './raw-table.js';
import {temporaryTable} from './temporary-table.js';

const place = temporaryTable();
const body = Buffer.from('the body');
const large = randomBytes(900_000);
const text = Buffer.alloc(600_000, 'text, and so on. ');

type Change = (item: AnyItem) => Record<string, unknown>;

const without =
	(name: string): Change =>
	item => ({...item, [name]: undefined});

const damages: Array<[what: string, change: Change]> = [
	['no metadata', without('metadata')],
	['metadata of another type', item => ({...item, metadata: 5})],
	['metadata that are not JSON', item => ({...item, metadata: '{'})],
	[
		'metadata of another format',
		item => ({...item, metadata: String(item['metadata']).replace('"format":1', '"format":2')}),
	],
	['no format', without('format')],
	['an unknown format', item => ({...item, format: 2})],
	['no version', without('version')],
	['a version of another type', item => ({...item, version: 7})],
	['a version of more parts than there can be', item => ({...item, version: `${item['version']}.99999`})],
	['a version with parts, and a body', item => ({...item, version: `${item['version']}.2`})],
	['a version that is none', item => ({...item, version: 'latest'})],
	['no body', without('body')],
	['a body of another type', item => ({...item, body: 'text'})],
	['a body cut short', item => ({...item, body: body.subarray(1)})],
	['no size', without('size')],
	['a size of another type', item => ({...item, size: '8'})],
	['a size below zero', item => ({...item, size: -8})],
	['an unknown encoding', item => ({...item, encoding: 'zstd'})],
	['the name of another record', item => ({...item, name: '"b.1"'})],
	['a name that is none', item => ({...item, name: {list: [1]}})],
	['a time to live of another type and no metadata', item => ({...item, ttl: 'soon', metadata: undefined})],
];

/** Puts an item back without the attributes that are `undefined`. */
async function change(key: string, how: Change): Promise<void> {
	const changed = Object.entries(how(await place.raw.record(key))).filter(([, value]) => value !== undefined);
	await place.raw.put(Object.fromEntries(changed) as AnyItem);
}

describe('a record with', () => {
	it.each(damages)('%s is none, and is removed; others are left alone', async (_what, how) => {
		const {responses} = place.open();
		await responses.write('a.1', sampleResponse(), body);
		await responses.write('a.2', sampleResponse(), body);
		await change('a.1', how);
		const listed: string[] = [];
		for await (const {key, metadata} of responses.entries()) {
			listed.push(`${key} ${metadata.kind}`);
		}
		expect(listed).toContain('a.2 response');
		expect(await responses.read('a.1')).toBeUndefined();
		expect(await place.raw.items()).toHaveLength(1);
		expect(await responses.contains('a.2')).toBe(true);
	});

	it.each(damages)('%s can be replaced and removed', async (_what, how) => {
		const {responses} = place.open();
		await responses.write('a.1', sampleResponse(), body);
		await change('a.1', how);
		await responses.write('a.1', sampleResponse(), body);
		expect(await (await responses.read('a.1'))?.body.bytes()).toEqual(new Uint8Array(body));
		await change('a.1', how);
		expect(await responses.delete('a.1')).toBe(true);
		expect(await place.raw.items()).toEqual([]);
	});

	it('strange numbers and other things that JavaScript has not breaks nothing', async () => {
		const {responses} = place.open();
		await responses.write('a.1', sampleResponse(), body);
		await change('a.1', item => ({...item, extra: new Set(['x']), more: {deep: [null, true, 10n ** 30n]}}));
		expect(await (await responses.read('a.1'))?.body.bytes()).toEqual(new Uint8Array(body));
	});

	it('something wrong is removed only as long as it is the one that was found', async () => {
		const {responses} = place.open();
		const other = place.open();
		await responses.write('a.1', sampleResponse(), body);
		await change('a.1', item => ({...item, format: 9}));
		let isDone = false;
		place.server.intercept(async (operation, _input, forward) => {
			if (operation !== 'GetItem' || isDone) {
				return undefined;
			}
			isDone = true;
			const found = await forward();
			await other.responses.write('a.1', sampleResponse(), body);
			return found;
		});
		expect(await responses.read('a.1')).toBeUndefined();
		expect(await responses.contains('a.1')).toBe(true);
	});
});

describe('a body', () => {
	const breaking: Array<[what: string, given: Uint8Array, breakIt: () => Promise<void>]> = [
		['of which a part is missing', large, async () => place.raw.delete((await place.raw.parts())[1]!)],
		['of which a part is cut short', large, () => place.raw.cutBody('a.1')],
		[
			'of which a part is longer',
			large,
			async () => {
				const part = (await place.raw.parts())[2]!;
				await place.raw.put({...part, body: Buffer.concat([part['body'] as Uint8Array, body])});
			},
		],
		['of which a part is no bytes', large, async () => place.raw.put({...(await place.raw.parts())[0]!, body: 'text'})],
		['that is compressed and cut short', text, () => place.raw.cutBody('a.1')],
		['that is compressed and is no such thing', text, () => change('a.1', item => ({...item, body}))],
		['that is compressed and has more than it says', text, () => change('a.1', item => ({...item, size: 599_999}))],
		['that is compressed and has less than it says', text, () => change('a.1', item => ({...item, size: 600_001}))],
		[
			'that is compressed and grows without end',
			text,
			() => change('a.1', item => ({...item, body: brotliCompressSync(Buffer.alloc(5_000_000)), size: 1000})),
		],
	];

	it.each(breaking)('%s is not given, and its record is removed', async (_what, given, breakIt) => {
		const {responses} = place.open();
		await responses.write('a.1', sampleResponse(), given);
		await breakIt();
		const record = await responses.read('a.1');
		await expect((async () => record!.body.bytes())()).rejects.toMatchObject({
			code: 'ERR_CACHE_FAULT',
			message: expect.stringContaining('gone or damaged'),
		});
		expect(await place.raw.items()).toEqual([]);
		expect(await responses.read('a.1')).toBeUndefined();
	});

	it('that cannot be fetched for now stays', async () => {
		const {responses} = place.open({maxAttempts: 1});
		await responses.write('a.1', sampleResponse(), large);
		const record = await responses.read('a.1');
		place.server.intercept(() => ({status: 500, body: {__type: 'InternalServerError'}}));
		await expect((async () => record!.body.bytes())()).rejects.toThrow('InternalServerError');
		place.server.intercept();
		expect(large.equals((await record!.body.bytes()) as Buffer)).toBe(true);
	});
});

describe('what others keep in the table', () => {
	it('is not seen, and not touched', async () => {
		const backend = place.open({namespace: 'ours'});
		await backend.responses.write('a.1', sampleResponse({expires: 1}), body);
		const strange: AnyItem[] = [
			{pk: 'theirs', sk: 'anything', ttl: 1, expires: 1},
			{pk: 'ours', sk: 'k'},
			{pk: 'ours#responses', sk: 'k', expires: 1},
			{pk: 'ours#other#=a', sk: 'k.1', format: 1, expires: 1},
		];
		for (const item of strange) {
			await place.raw.put(item);
		}
		for (const namespace of ['', 'our', 'ours2']) {
			await place.open({namespace}).responses.write('a.1', sampleResponse({expires: 1}), body);
		}
		expect(await backend.size()).toBe(1);
		expect(await backend.deleteExpired(1000)).toBe(1);
		await backend.clear();
		expect(await place.raw.items()).toHaveLength(strange.length + 3);
	});

	it('is listed around, where it has crept among ours', async () => {
		const {responses} = place.open();
		await responses.write('a.1', sampleResponse(), body);
		await place.raw.put({pk: '#responses#=b', sk: 'strange', format: 1});
		await place.raw.put({pk: '#responses#?', sk: 'k.1', format: 1});
		const keys: string[] = [];
		for await (const key of responses.keys()) {
			keys.push(key);
		}
		expect(keys).toEqual(['a.1']);
	});
});
