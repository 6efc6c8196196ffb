import {describe, expect, it} from '@jest/globals';
import fc from 'fast-check';
import {bodyDigest} from '../../src/backend/canonical-body.js';
import {ignoredNames} from '../../src/backend/key-settings.js';

const json = (text: string, ...ignored: string[]) => bodyDigest({kind: 'json', text}, ignoredNames(ignored));
const form = (text: string, ...ignored: string[]) => bodyDigest({kind: 'form', text}, ignoredNames(ignored));
const bytes = (data: string | Uint8Array) => bodyDigest({kind: 'bytes', bytes: data}, undefined);

describe('bodyDigest', () => {
	it('takes JSON in canonical form', () => {
		expect(json('{"a":1,"b":[2]}')).toBe(json(' {"b": [2], "a": 1}'));
		expect(json('[1,2]')).not.toBe(json('[2,1]'));
	});

	it('leaves ignored members out of JSON', () => {
		expect(json('{"a":1,"ts":1,"meta":{"ts":1}}', 'ts', 'meta.ts')).toBe(
			json('{"a":1,"ts":2,"meta":{"ts":2}}', 'ts', 'meta.ts'),
		);
		expect(json('{"a":1,"ts":1}', 'ts')).not.toBe(json('{"a":2,"ts":1}', 'ts'));
	});

	it.each([
		['large integers', '{"id":9007199254740993}', '{"id":9007199254740992}'],
		['numbers beyond the range', '{"n":1e400}', '{"n":1e401}'],
		['two members of one name, the first', '{"a":1,"a":2}', '{"a":3,"a":2}'],
		['two members of one name, and one', '{"a":1,"a":2}', '{"a":2}'],
		['text that is not JSON', '{a:1}', '{a:2}'],
		['what is too deep', '['.repeat(300), '['.repeat(301)],
	])('never takes different JSON for the same: %s', (_, one, other) => {
		expect(json(one)).not.toBe(json(other));
		expect(json(one)).toBe(json(one));
	});

	it('takes forms by name', () => {
		expect(form('b=2&a=1')).toBe(form('a=1&b=2'));
		expect(form('a=1&a=2')).not.toBe(form('a=2&a=1'));
		expect(form('a=1&ts=5', 'ts')).toBe(form('ts=6&a=1', 'ts'));
		expect(form('ts=5', 'ts')).toBe(form('', 'ts'));
		expect(form('a=')).not.toBe(form('a'));
	});

	it('does not take a separator in a value for a separator', () => {
		const [one, other] = [{a: '1&b=2'}, {a: '1', b: '2'}].map(fields => new URLSearchParams(fields).toString());
		expect(form(one!)).not.toBe(form(other!));
	});

	it('takes a name in any spelling for the same, so that the order of its values counts', () => {
		expect(form('é=1&%C3%A9=2')).not.toBe(form('%C3%A9=2&é=1'));
		expect(form('é=1&a=2', 'é')).toBe(form('%C3%A9=3&a=2', 'é'));
	});

	it('takes bytes as they are, text as UTF-8', () => {
		expect(bytes('{"a":1,"b":2}')).not.toBe(bytes('{"b":2,"a":1}'));
		expect(bytes('é')).toBe(bytes(Buffer.from('é')));
		expect(bytes('é')).not.toBe(bytes(Buffer.from('é', 'latin1')));
		expect(bytes(Uint8Array.of(0, 1))).not.toBe(bytes(Uint8Array.of(1, 0)));
		// A view counts for what it shows, not for what lies under it.
		expect(bytes(Uint8Array.of(1, 2, 3).subarray(1, 2))).toBe(bytes(Uint8Array.of(2)));
	});

	it('tells kinds apart, and an empty body from none', () => {
		const kinds = [
			bodyDigest(undefined, undefined),
			json(''),
			form(''),
			bytes(''),
			json('{}'),
			bytes('{}'),
			form('{}'),
		];
		expect(new Set(kinds).size).toBe(kinds.length);
	});

	it('throws for a stream', () => {
		expect(() => bodyDigest({kind: 'stream'}, undefined)).toThrow('stream');
	});

	it('gives different forms different digests', () => {
		const fields = fc.array(fc.tuple(fc.string({minLength: 1, maxLength: 3}), fc.string({maxLength: 3})), {
			maxLength: 4,
		});
		const values = (pairs: Array<[string, string]>) =>
			JSON.stringify(
				[...new Set(pairs.map(([name]) => name))].sort().map(name => [name, new URLSearchParams(pairs).getAll(name)]),
			);
		fc.assert(
			fc.property(fields, fields, (one, other) => {
				const isSame = form(new URLSearchParams(one).toString()) === form(new URLSearchParams(other).toString());
				expect(isSame).toBe(values(one) === values(other));
			}),
		);
	});
});
