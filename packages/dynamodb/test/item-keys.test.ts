import {describe, expect, it} from '@jest/globals';
import {ItemKeys} from '../src/item-keys.js';

const keys = new ItemKeys('name', 'responses');

const odd = [
	...['', '.', '..', 'a', 'a.', '.a', 'a.b', 'a.b.c', 'a..b', '=a', '~a', '#', 'name#responses#=a', 'k', 'k.', 'h.1'],
	...['\0', '\n', 'ü.é', '日.本', '\u{1f469}.\u{1f467}', '\ud800', '\ud800.\udc00', 'a.\udfff', 'a.\ud800\ud800'],
	...['k'.repeat(1024), `${'日'.repeat(700)}.1`, `1.${'日'.repeat(700)}`, `a.${'b'.repeat(1001)}`],
];

describe('the primary key of a record', () => {
	it.each(odd)('is within the limits of DynamoDB, and can be read back: %j', key => {
		const item = keys.keyOf(key);
		expect(Buffer.byteLength(item.pk)).toBeLessThanOrEqual(2048);
		expect(Buffer.byteLength(item.sk)).toBeLessThanOrEqual(1024);
		expect(Math.min(item.pk.length, item.sk.length)).toBeGreaterThan(0);
		// As it comes back from DynamoDB, in UTF-8.
		const stored = JSON.parse(Buffer.from(JSON.stringify(item)).toString());
		expect(keys.nameOf(stored)).toBe(key);
	});

	it('differs for all of them', () => {
		expect(new Set(odd.map(key => JSON.stringify(Object.values(keys.keyOf(key)).slice(0, 2)))).size).toBe(odd.length);
	});

	it('has the namespace and the resource as partition key, and the rest as sort key', () => {
		expect(keys.keyOf('resource.selector')).toEqual({pk: 'name#responses#=resource', sk: 'k.selector'});
		expect(keys.keyOf('resource')).toEqual({pk: 'name#responses#=resource', sk: 'k'});
		expect(keys.partitionOf('resource')).toBe('name#responses#=resource');
	});

	it.each([
		{pk: 'name#responses#=a', sk: 'x.1'},
		{pk: 'name#responses#~a', sk: 'k.1'},
		{pk: 'name#responses#a', sk: 'k.1'},
		{pk: 'name#redirects#=a', sk: 'k.1'},
		{pk: 'name#responses#=a', sk: 'k.1', name: '"a.2"'},
		{pk: 'name#responses#=a', sk: 'k.1', name: 'a.1'},
		{pk: 'name#responses#=a', sk: 'k.1', name: '{"a": 1}'},
		{pk: 1, sk: 'k.1'},
		{},
	])('stands for no key where it is none of ours: %j', item => {
		expect(keys.nameOf(item)).toBeUndefined();
	});

	it('never begins like that of another cache', () => {
		const prefixes = ['', 'a', 'a.b', 'a/responses'].flatMap(namespace =>
			(['responses', 'redirects'] as const).flatMap(store => {
				const {records, parts} = new ItemKeys(namespace, store);
				return [records, parts];
			}),
		);
		for (const prefix of prefixes) {
			expect(prefixes.filter(other => other.startsWith(prefix))).toEqual([prefix]);
		}
	});
});
