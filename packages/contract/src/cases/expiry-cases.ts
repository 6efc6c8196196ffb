import assert from 'node:assert/strict';
import {setTimeout as sleep} from 'node:timers/promises';
import type {BaseCache} from 'got-client-cache';
import type {ContractCase} from '../contract-case.js';
import {bytesOf, collect, demandRecord, expectBody, expectKeys, expectNothing, patternOf} from '../expectations.js';
import {sampleHop, sampleResponse} from '../sample-metadata.js';

/** Milliseconds from writing until nobody needs a record any more, where the place itself expires records. */
const LIFE = 1500;

/** The removal of what has expired, by the library and by the place itself. */
export const expiryCases: readonly ContractCase[] = [
	{
		title: 'gives what has expired like everything else, until it is removed',
		advice:
			'Whether a record is fresh is not the store’s business: a stale one can be validated, or served when the origin is down.',
		async run({cache}) {
			const version = await cache.write('e.stale', sampleResponse({expires: 1000}), bytesOf('stale'));
			await expectBody(await demandRecord(cache, 'e.stale'), bytesOf('stale'));
			assert.equal(await cache.contains('e.stale'), true, 'contains() counts records that have expired');
			assert.equal(
				await cache.touch('e.stale', version, sampleResponse()),
				true,
				'touch() renews records that have expired',
			);
		},
	},
	{
		title: 'removes what has expired at a time, to the millisecond',
		advice:
			'deleteExpired(now) removes records with expires <= now, in milliseconds and not rounded; those without expires stay.',
		appliesTo: flags => flags.listsKeys,
		async run({cache}) {
			const expirations = {before: 999, at: 1000, after: 1001, fraction: 1000.5, never: undefined};
			for (const [name, expires] of Object.entries(expirations)) {
				await cache.write(`e.${name}`, sampleHop({expires}), bytesOf(name));
			}
			assert.equal(
				await cache.deleteExpired(1000),
				2,
				'deleteExpired(1000) with records that expire at 999 and at 1000',
			);
			await expectKeys(cache.keys(), ['e.after', 'e.fraction', 'e.never']);
			assert.equal(await cache.deleteExpired(1000), 0, 'deleteExpired(1000), asked again');
			await expectBody(await demandRecord(cache, 'e.never'), bytesOf('never'));
		},
	},
	{
		title: 'removes by the expiration that a record was renewed with',
		advice: 'touch and write bring the index of expirations up to date, also when there is no expiration any more.',
		appliesTo: flags => flags.listsKeys,
		async run({cache}) {
			const keys = ['e.shortened', 'e.extended', 'e.freed', 'e.rewritten'];
			const versions = new Map<string, string>();
			for (const key of keys) {
				versions.set(key, await cache.write(key, sampleResponse({expires: 2000}), bytesOf(key)));
			}
			const renew = async (key: string, expires: number | undefined) =>
				assert.equal(await cache.touch(key, versions.get(key)!, sampleResponse({expires})), true, `touch('${key}')`);
			await renew('e.shortened', 1000);
			await renew('e.extended', 3000);
			await renew('e.freed', undefined);
			await cache.write('e.rewritten', sampleResponse({expires: undefined}), bytesOf('x'));
			assert.equal(
				await cache.deleteExpired(1500),
				1,
				'deleteExpired(1500) with one record that was renewed until 1000',
			);
			await expectKeys(cache.keys(), ['e.extended', 'e.freed', 'e.rewritten']);
			assert.equal(await cache.deleteExpired(2500), 0, 'deleteExpired(2500) with records that were renewed for longer');
		},
	},
	{
		title: 'has the place itself drop what nobody needs any more, and nothing else',
		advice:
			'The time to live is removableAt(metadata, grace), set by every write and every touch, and taken away where that is undefined. Flag: nativeExpiry.',
		appliesTo: flags => flags.nativeExpiry !== undefined,
		async run({cache, flags}) {
			const now = Date.now();
			const large = patternOf(Math.min(flags.largestBody, 700_000));
			await writeLives(cache, now, large);
			if (Date.now() < now + LIFE - 100) {
				await expectBody(await demandRecord(cache, 'n.ends'), bytesOf('ends'));
			}
			await sleep(now + LIFE + (flags.nativeExpiry ?? 0) + 100 - Date.now());
			const staying = ['n.extended', 'n.rewritten', 'n.stale', 'n.timeless', 'n.forever'];
			for (const key of ['n.ends', 'n.large', 'n.shortened']) {
				await expectNothing(cache, key, 'keepUntil has passed, and the place is said to drop it itself');
			}
			if (flags.listsKeys) {
				await expectKeys(cache.keys(), staying, 'keys(), after the place dropped others,');
				const entries = await collect(cache.entries());
				await expectKeys(
					entries.map(({key}) => key),
					staying,
					'entries(), after the place dropped others,',
				);
				assert.equal(await cache.size(), staying.length, 'size() counts nothing that the place dropped');
			}
			if (flags.findsKeysOf) {
				await expectKeys(await cache.keysOf('n'), staying, "keysOf('n'), after the place dropped others,");
			}
			for (const key of staying) {
				await expectBody(await demandRecord(cache, key), key === 'n.extended' ? large : bytesOf(key));
			}
		},
	},
];

/** Writes records that nobody needs after `LIFE`, and others. */
async function writeLives(cache: BaseCache, now: number, large: Uint8Array): Promise<void> {
	const ends = {expires: now + 200, keepUntil: now + LIFE};
	const extended = await cache.write('n.extended', sampleResponse(ends), large);
	const shortened = await cache.write('n.shortened', sampleResponse(), large);
	await cache.write('n.ends', sampleResponse(ends), bytesOf('ends'));
	await cache.write('n.large', sampleHop(ends), large);
	await cache.write('n.rewritten', sampleResponse(ends), bytesOf('first'));
	await cache.write('n.rewritten', sampleResponse({expires: undefined}), bytesOf('n.rewritten'));
	await cache.write('n.stale', sampleResponse({expires: now + 200}), bytesOf('n.stale'));
	await cache.write('n.timeless', sampleResponse({...ends, expires: undefined}), bytesOf('n.timeless'));
	await cache.write('n.forever', sampleResponse({...ends, keepUntil: undefined}), bytesOf('n.forever'));
	assert.equal(await cache.touch('n.extended', extended, sampleResponse()), true, 'touch() to a longer life');
	assert.equal(await cache.touch('n.shortened', shortened, sampleResponse(ends)), true, 'touch() to a shorter life');
}
