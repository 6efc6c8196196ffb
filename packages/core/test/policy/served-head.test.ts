import {describe, expect, it} from '@jest/globals';
import {notModifiedHead, partialHead, unsatisfiedRangeHead, withAge} from '../../src/policy/served-head.js';
import {sampleStored} from './samples.js';

const FIELDS = [
	...['Date', 'a', 'ETag', '"1"', 'Content-Type', 'b', 'Last-Modified', 'c', 'Cache-Control', 'd', 'Vary', 'e'],
	...['Expires', 'f', 'Content-Location', 'g', 'Content-Length', '5', 'Set-Cookie', 'h', 'X-A', 'i'],
];

describe('the head of a 304', () => {
	it('has what tells about the version, and nothing about the body', () => {
		expect(notModifiedHead(sampleStored({rawHeaders: FIELDS}))).toEqual({
			statusCode: 304,
			statusMessage: 'Not Modified',
			rawHeaders: [
				'Date',
				'a',
				'ETag',
				'"1"',
				'Cache-Control',
				'd',
				'Vary',
				'e',
				'Expires',
				'f',
				'Content-Location',
				'g',
			],
		});
	});

	it('has the date of the last change where there is no tag', () => {
		const rawHeaders = ['last-modified', 'c', 'X-A', 'i'];
		expect(notModifiedHead(sampleStored({rawHeaders})).rawHeaders).toEqual(['last-modified', 'c']);
	});
});

it('the head of a 206 says which part it is', () => {
	const part = {offset: 1, length: 2, contentRange: {first: 1, last: 2, total: 5}};
	const rawHeaders = ['ETag', '"1"', 'content-length', '5', 'CONTENT-RANGE', 'x', 'X-A', 'i'];
	expect(partialHead(sampleStored({rawHeaders}), part)).toEqual({
		statusCode: 206,
		statusMessage: 'Partial Content',
		rawHeaders: ['ETag', '"1"', 'X-A', 'i', 'Content-Range', 'bytes 1-2/5', 'Content-Length', '2'],
	});
});

it('the head of a 416 says how long the whole is', () => {
	expect(unsatisfiedRangeHead(5)).toEqual({
		statusCode: 416,
		statusMessage: 'Range Not Satisfiable',
		rawHeaders: ['Content-Range', 'bytes */5', 'Content-Length', '0'],
	});
});

it('Age takes the place of an older one', () => {
	expect(withAge(['age', '1', 'X-A', 'i', 'Age', '2'], 30)).toEqual(['X-A', 'i', 'Age', '30']);
});
