import {describe, expect, it} from '@jest/globals';
import {hashSlot} from '../src/hash-slot.js';
import {RecordKeys} from '../src/record-keys.js';

const keys = new RecordKeys('ns', 'responses');

describe('the keys of records', () => {
	it.each([
		['res.sel', 'ns:responses:{res}.sel'],
		['res', 'ns:responses:{res}'],
		['res.', 'ns:responses:{res}.'],
		['a.b.c', 'ns:responses:{a}.b.c'],
		['', 'ns:responses:{%}'],
		['.sel', 'ns:responses:{%}.sel'],
		['%', 'ns:responses:{%25}'],
		['a{b}.{c}', 'ns:responses:{a%7bb%7d}.%7bc%7d'],
		['%7b.1', 'ns:responses:{%257b}.1'],
		['ü.日', 'ns:responses:{ü}.日'],
		['\ud800.\udc00', 'ns:responses:{%ud800}.%udc00'],
		['\u{1f469}.1', 'ns:responses:{\u{1f469}}.1'],
	])('%j is under %j, and is found again by it', (key, record) => {
		const place = keys.placeOf(key);
		expect(place.record).toBe(record);
		expect(keys.placeOfRecord(record)).toEqual(place);
		expect(keys.placeOfMember(place.index, place.member)).toEqual(place);
	});

	it('put all of a resource into one hash slot', () => {
		for (const key of ['res.sel', 'res', '.x', '', '{}.{}', 'a}b{.c', '%.%', 'ü.\ud800']) {
			const place = keys.placeOf(key);
			const slot = hashSlot(place.record);
			expect([hashSlot(place.index), hashSlot(keys.unfinished(place, 'version'))]).toEqual([slot, slot]);
		}
	});

	it.each([
		'ns:responses:res.sel',
		'ns:responses:{res',
		'ns:responses:{a.b}.c',
		'ns:responses:{}',
		'ns:responses:{a{}.c',
		'ns:responses:{%zz}.c',
		'ns:responses-index:{res}',
		'other:responses:{res}.sel',
	])('%j is none of them', record => {
		expect(keys.placeOfRecord(record)).toBeUndefined();
	});
});

describe('hash slots', () => {
	// As CLUSTER KEYSLOT of a server says.
	it.each([
		['123456789', 12_739],
		['foo', 12_182],
		['{foo}.bar', 12_182],
		['foo{}', 5542],
		['foo{{bar}}zap', 4015],
		['', 0],
		['ü', 9552],
	])('of %j: %i', (key, slot) => {
		expect(hashSlot(key)).toBe(slot);
	});
});
