import {describe, expect, it} from '@jest/globals';
import fc from 'fast-check';
import {digest, encodeParts} from '../../src/backend/key-digest.js';

describe('digest', () => {
	it('is SHA-256 in lower-case hexadecimal', () => {
		// FIPS 180-4, the example "abc".
		expect(digest('abc')).toBe('ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad');
		expect(digest(Buffer.from('abc'))).toBe(digest('abc'));
	});

	it('is HMAC-SHA-256 with a key', () => {
		// RFC 4231 §4.3.
		const expected = '5bdcc146bf60754e6a042426089575c75a003f089d2739839dec58b964ec3843';
		expect(digest('what do ya want for nothing?', 'Jefe')).toBe(expected);
		expect(digest('what do ya want for nothing?', Buffer.from('Jefe'))).toBe(expected);
	});
});

describe('encodeParts', () => {
	it('gives different lists different texts', () => {
		// Few characters, among them those of the encoding itself, so that collisions would be found.
		const part = fc.string({unit: fc.constantFrom('0', '1', '2', ':', 'a'), maxLength: 5});
		const parts = fc.array(part, {maxLength: 4});
		fc.assert(
			fc.property(parts, parts, (one, other) => {
				expect(encodeParts(one) === encodeParts(other)).toBe(JSON.stringify(one) === JSON.stringify(other));
			}),
			{numRuns: 2000},
		);
	});

	it('gives one text cut in different places different texts', () => {
		const cuts = fc.tuple(fc.string({minLength: 1}), fc.nat(), fc.nat());
		fc.assert(
			fc.property(cuts, ([text, one, other]) => {
				const cut = (at: number) => [text.slice(0, at % text.length), text.slice(at % text.length)];
				const isSame = one % text.length === other % text.length;
				expect(encodeParts(cut(one)) === encodeParts(cut(other))).toBe(isSame);
			}),
		);
	});

	it('tells an empty part from none', () => {
		expect(new Set([[], [''], ['', '']].map(encodeParts)).size).toBe(3);
	});
});
