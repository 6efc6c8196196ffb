import {describe, expect, it} from '@jest/globals';
import {storableFields} from '../../src/policy/storable-fields.js';

describe('storableFields', () => {
	it.each([
		'Connection',
		'Keep-Alive',
		'Proxy-Authenticate',
		'Proxy-Authentication-Info',
		'Proxy-Authorization',
		'Proxy-Connection',
		'TE',
		'Trailer',
		'Transfer-Encoding',
		'Upgrade',
		'transfer-encoding',
	])('leaves out %s', name => {
		expect(storableFields(['ETag', '"a"', name, 'x', 'Age', '1'], {decoded: false})).toEqual([
			'ETag',
			'"a"',
			'Age',
			'1',
		]);
	});

	it('leaves out what Connection lists, in any of its lines', () => {
		const rawHeaders = [
			'X-One',
			'1',
			'Connection',
			'close, x-ONE',
			'X-Two',
			'2',
			'connection',
			' X-Two,',
			'X-Three',
			'3',
		];
		expect(storableFields(rawHeaders, {decoded: false})).toEqual(['X-Three', '3']);
	});

	it('leaves out the fields of the coded body where that was decoded, and only there', () => {
		const rawHeaders = ['Content-Encoding', 'gzip', 'content-length', '20', 'Content-Type', 'text/plain'];
		expect(storableFields(rawHeaders, {decoded: true})).toEqual(['Content-Type', 'text/plain']);
		expect(storableFields(rawHeaders, {decoded: false})).toEqual(rawHeaders);
	});

	it('keeps the others as they are: case, order, doubles, end-to-end fields of proxies', () => {
		const rawHeaders = ['Set-Cookie', 'a=1', 'X-a', '', 'set-cookie', 'b=2', 'Proxy-Status', 'x', 'Location', '/b'];
		expect(storableFields(rawHeaders, {decoded: true})).toEqual(rawHeaders);
	});
});
