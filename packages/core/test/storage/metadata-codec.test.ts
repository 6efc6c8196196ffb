import {sampleHop, sampleResponse, sampleVaryIndex} from '@got-client-cache/contract';
import {describe, expect, it} from '@jest/globals';
import {decodeMetadata, encodeMetadata, METADATA_FORMAT} from '../../src/storage/metadata-codec.js';

const samples = [
	['response', sampleResponse()],
	['hop', sampleHop()],
	['vary', sampleVaryIndex()],
	['timeless response', sampleResponse({expires: undefined, keepUntil: undefined})],
	['timeless vary', sampleVaryIndex({expires: undefined, keepUntil: undefined})],
] as const;

/** The text of a good record with some members changed; `undefined` takes a member away. */
const textWith = (members: object, sample: object = sampleResponse()) =>
	JSON.stringify({format: METADATA_FORMAT, ...sample, ...members});

describe('the metadata codec', () => {
	it.each(samples)('gives back a %s as it was', (_, metadata) => {
		expect(decodeMetadata(encodeMetadata(metadata))).toStrictEqual(metadata);
	});

	it('keeps the order and the case of fields, and characters beyond ASCII', () => {
		const rawHeaders = ['B', '1', 'a', 'ü"\\\u0000', 'b', '\u{1f469}', 'B', '2'];
		expect(decodeMetadata(encodeMetadata(sampleResponse({rawHeaders})))).toMatchObject({rawHeaders});
	});

	it.each([
		'',
		'{',
		'null',
		'1',
		'"text"',
		'[]',
		'{}',
		textWith({format: undefined}),
		textWith({format: METADATA_FORMAT + 1}),
		textWith({format: String(METADATA_FORMAT)}),
		textWith({kind: 'other'}),
		textWith({kind: undefined}),
		textWith({kind: 'toString'}),
	])('takes %p for no metadata', text => {
		expect(decodeMetadata(text)).toBeUndefined();
	});

	it.each([
		{statusCode: '200'},
		{statusCode: 99},
		{statusCode: 200.5},
		{statusMessage: undefined},
		{rawHeaders: ['only a name']},
		{rawHeaders: ['name', 1]},
		{rawHeaders: {name: 'value'}},
		{url: 5},
		{requestTime: null},
		{expires: null},
		{expires: '2030'},
		{keepUntil: '2030'},
		{bodySize: -1},
		{bodySize: 1.5},
		{decoded: 'no'},
	])('takes a response with %p for none', members => {
		expect(decodeMetadata(textWith(members))).toBeUndefined();
	});

	it.each([{nextUrl: undefined}, {nextMethod: 1}])('takes a hop with %p for none', members => {
		expect(decodeMetadata(textWith(members, sampleHop()))).toBeUndefined();
	});

	it.each([{fields: 'accept'}, {fields: [1]}, {generation: undefined}, {createdAt: '1'}])(
		'takes a Vary index with %p for none',
		members => {
			expect(decodeMetadata(textWith(members, sampleVaryIndex()))).toBeUndefined();
		},
	);
});
