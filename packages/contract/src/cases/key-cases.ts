import assert from 'node:assert/strict';
import type {ContractCase} from '../contract-case.js';
import {bytesOf, demandRecord, expectBody, expectKeys, expectNothing} from '../expectations.js';
import {fill} from '../fill.js';
import {sampleResponse} from '../sample-metadata.js';

/** Characters that some place takes for its own, and keys that some comparison takes for one. */
const oddKeys = [
	...['a', 'A', 'a ', ' a', 'a.', 'a.b', 'a.b.c', 'a/', 'a/b', 'a\\b', 'a:b', 'a|b', 'a#b', 'a?b', 'a&b=c'],
	...[
		'%',
		'_',
		'*',
		'?',
		'[a]',
		'{a}',
		'$a',
		'..',
		'../a',
		'-',
		'~',
		"it's",
		'"quoted"',
		'`',
		"'; DROP TABLE responses; --",
	],
	...[
		'0',
		'00',
		'-0',
		'1e3',
		'null',
		'undefined',
		'true',
		'__proto__',
		'constructor',
		'toString',
		'\n',
		'\t',
		'\u007f',
	],
	...['zwölf', 'ZWÖLF', 'e\u0301', '\u00e9', '日本語', '\u{1f469}\u200d\u{1f467}', '\uffff', '\u{10ffff}'],
];

/** Keys, and the index of those that belong to one resource. */
export const keyCases: readonly ContractCase[] = [
	{
		title: 'tells odd keys apart',
		advice:
			'Keys are any text: compare them byte by byte, without folding case, accents or trailing spaces; quote them for the place, or store them under their digest. Sessions make only letters, digits, "-", "_" and ".".',
		async run({cache, flags}) {
			await fill(cache, oddKeys);
			if (flags.listsKeys) {
				assert.equal(await cache.size(), oddKeys.length, 'size() with one record under each odd key');
				await expectKeys(cache.keys(), oddKeys);
			}
			for (const key of oddKeys) {
				await expectBody(await demandRecord(cache, key), bytesOf(key));
			}
			for (const key of oddKeys) {
				assert.equal(await cache.delete(key), true, `delete(${JSON.stringify(key)}) of a key that is there gives true`);
				await expectNothing(cache, key, 'it was deleted');
			}
		},
	},
	{
		title: 'keeps odd keys, and tells their resources apart',
		advice: 'bulkDelete, touch and keysOf must take keys as literally as read and write do.',
		async run({cache, flags}) {
			const versions = await fill(cache, oddKeys);
			for (const [key, version] of versions) {
				assert.equal(
					await cache.touch(key, version, sampleResponse({url: key, expires: 7})),
					true,
					`touch(${JSON.stringify(key)})`,
				);
			}
			for (const key of oddKeys) {
				const {metadata} = await demandRecord(cache, key);
				assert.equal(metadata.url, key, `touch(${JSON.stringify(key)}) renewed the record under another key`);
			}
			if (flags.findsKeysOf) {
				await expectKeys(await cache.keysOf('a'), ['a.', 'a.b', 'a.b.c'], "keysOf('a')");
				await expectKeys(await cache.keysOf('a.b'), ['a.b.c'], "keysOf('a.b')");
			}
			assert.equal(await cache.bulkDelete(oddKeys), oddKeys.length, 'bulkDelete() of one record under each odd key');
		},
	},
	{
		title: 'tells long keys apart by their last character',
		advice:
			'Keys have up to 1,024 characters; where the place takes fewer, store them under their digest. Flag: longestKey.',
		async run({cache, flags}) {
			const stem = 'k'.repeat(flags.longestKey - 1);
			await fill(cache, [`${stem}1`, `${stem}2`]);
			assert.equal(await cache.delete(`${stem}1`), true, 'delete() of a long key');
			await expectBody(await demandRecord(cache, `${stem}2`), bytesOf(`${stem}2`));
			if (flags.listsKeys) {
				await expectKeys(cache.keys(), [`${stem}2`]);
			}
		},
	},
	{
		title: 'lists the keys of a resource, and no neighbours',
		advice:
			'keysOf(resource) gives the keys that begin with the resource and a dot, whatever else they contain, and no others.',
		appliesTo: flags => flags.findsKeysOf,
		async run({cache}) {
			await fill(cache, ['r', 'r.', 'r.1', 'r.2', 'r/1', 'r-1', 'r0.1', 'rr.1', 'R.1', 'ar.1', 'q.r.1']);
			await expectKeys(await cache.keysOf('r'), ['r.', 'r.1', 'r.2'], "keysOf('r')");
			await expectKeys(await cache.keysOf('rr'), ['rr.1'], "keysOf('rr')");
			await expectKeys(await cache.keysOf('missing'), [], "keysOf('missing')");
		},
	},
	{
		title: 'takes no character of a resource for a wildcard',
		advice: 'Escape what the place takes for a pattern: % and _ in LIKE, * ? [ ] in MATCH and in globs.',
		appliesTo: flags => flags.findsKeysOf,
		async run({cache}) {
			await fill(cache, ['a_.1', 'ab.1', 'a%.1', 'a*.1', 'a[b].1', 'a?.1', 'ä.1']);
			for (const resource of ['a_', 'a%', 'a*', 'a[b]', 'a?', 'ä']) {
				await expectKeys(await cache.keysOf(resource), [`${resource}.1`], `keysOf('${resource}')`);
			}
		},
	},
	{
		title: 'forgets the keys of a resource when they are removed, and has them when they are renewed',
		advice:
			'Whatever removes a record (delete, bulkDelete, deleteExpired, clear) removes it from the index of keysOf too, and a write puts it there again.',
		appliesTo: flags => flags.findsKeysOf,
		async run({cache, flags}) {
			const versions = await fill(cache, ['r.1', 'r.2', 'r.3', 'r.4']);
			await cache.delete('r.1');
			await expectKeys(await cache.keysOf('r'), ['r.2', 'r.3', 'r.4'], "keysOf('r') after delete()");
			await cache.bulkDelete(['r.2']);
			await expectKeys(await cache.keysOf('r'), ['r.3', 'r.4'], "keysOf('r') after bulkDelete()");
			await cache.touch('r.4', versions.get('r.4')!, sampleResponse({expires: 1000}));
			await expectKeys(await cache.keysOf('r'), ['r.3', 'r.4'], "keysOf('r') after touch()");
			if (flags.listsKeys) {
				await cache.deleteExpired(2000);
				await expectKeys(await cache.keysOf('r'), ['r.3'], "keysOf('r') after deleteExpired()");
			}
			await cache.write('r.1', sampleResponse(), bytesOf('again'));
			await cache.write('r.3', sampleResponse(), bytesOf('again'));
			await cache.delete('r.4');
			await expectKeys(await cache.keysOf('r'), ['r.1', 'r.3'], "keysOf('r') after write()");
			await cache.clear();
			await expectKeys(await cache.keysOf('r'), [], "keysOf('r') after clear()");
			await cache.write('r.3', sampleResponse(), bytesOf('again'));
			await expectKeys(await cache.keysOf('r'), ['r.3'], "keysOf('r') after clear() and write()");
		},
	},
];
