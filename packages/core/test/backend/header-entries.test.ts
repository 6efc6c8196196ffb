import {describe, expect, it} from '@jest/globals';
import {headerEntries} from '../../src/backend/header-entries.js';
import type {RequestHeaders} from '../../src/http/headers.js';

describe('headerEntries', () => {
	it('gives names in lower case and values as one text', () => {
		const headers = {Accept: 'a', 'x-b': ['c', 'd'], COOKIE: ['e=1', 'f=2; g=3'], empty: ''};
		expect(headerEntries(headers)).toEqual([
			['accept', 'a'],
			['x-b', 'c, d'],
			['cookie', 'e=1; f=2; g=3'],
			['empty', ''],
		]);
	});

	it('leaves out what is not sent', () => {
		expect(headerEntries({a: undefined, b: null} as unknown as RequestHeaders)).toEqual([]);
	});

	it('takes numbers for text', () => {
		expect(headerEntries({'x-api-key': 1} as unknown as RequestHeaders)).toEqual([['x-api-key', '1']]);
	});
});
