import assert from 'node:assert/strict';
import type {ContractCase} from '../contract-case.js';
import {bytesOf, demandRecord, expectBody, expectKeys} from '../expectations.js';
import {sampleResponse} from '../sample-metadata.js';
import {fill} from './basic-cases.js';

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
		async run({cache}) {
			await fill(cache, oddKeys);
			assert.equal(await cache.size(), oddKeys.length);
			await expectKeys(cache.keys(), oddKeys);
			for (const key of oddKeys) {
				await expectBody(await demandRecord(cache, key), bytesOf(key));
			}
			for (const key of oddKeys) {
				assert.equal(await cache.delete(key), true, `${JSON.stringify(key)} was there`);
				assert.equal(await cache.contains(key), false, `${JSON.stringify(key)} is gone`);
			}
			assert.equal(await cache.size(), 0);
		},
	},
	{
		title: 'tells long keys apart by their last character',
		async run({cache, flags}) {
			const stem = 'k'.repeat(flags.longestKey - 1);
			await fill(cache, [`${stem}1`, `${stem}2`]);
			assert.equal(await cache.delete(`${stem}1`), true);
			await expectBody(await demandRecord(cache, `${stem}2`), bytesOf(`${stem}2`));
		},
	},
	{
		title: 'lists the keys of a resource, and no neighbours',
		async run({cache}) {
			await fill(cache, ['r', 'r.', 'r.1', 'r.2', 'r/1', 'r-1', 'r0.1', 'rr.1', 'R.1', 'ar.1', 'q.r.1']);
			await expectKeys(await cache.keysOf('r'), ['r.', 'r.1', 'r.2']);
			await expectKeys(await cache.keysOf('rr'), ['rr.1']);
			await expectKeys(await cache.keysOf('missing'), []);
		},
	},
	{
		title: 'takes no character of a resource for a wildcard',
		async run({cache}) {
			await fill(cache, ['a_.1', 'ab.1', 'a%.1', 'a*.1', 'a[b].1', 'a?.1', 'ä.1']);
			for (const resource of ['a_', 'a%', 'a*', 'a[b]', 'a?', 'ä']) {
				await expectKeys(await cache.keysOf(resource), [`${resource}.1`]);
			}
		},
	},
	{
		title: 'forgets the keys of a resource when they are removed',
		async run({cache}) {
			await fill(cache, ['r.1', 'r.2', 'r.3', 'r.4']);
			await cache.write('r.4', sampleResponse({expires: 1000}), bytesOf('expired'));
			await cache.delete('r.1');
			await cache.bulkDelete(['r.2']);
			await cache.deleteExpired(2000);
			await expectKeys(await cache.keysOf('r'), ['r.3']);
		},
	},
];
