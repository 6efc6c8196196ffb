import {describe, expect, it} from '@jest/globals';
import type {StoredResponse} from '../../src/http/response.js';
import {answerFromStored} from '../../src/policy/answer.js';
import {ETAG, sampleRequest, sampleStored} from './samples.js';

const WHOLE = sampleStored();
const PART = sampleStored({statusCode: 206, rawHeaders: ['ETag', ETAG, 'Content-Range', 'bytes 5-9/10']});
const range = {range: 'bytes=6-7'};
const notModified = {kind: 'notModified', reason: 'etagMatches'};
const partOf = (offset: number, length: number, first: number, total: number) => ({
	kind: 'servePartial',
	part: {offset, length, contentRange: {first, last: first + length - 1, total}},
	reason: 'rangeStored',
});

describe('answerFromStored', () => {
	it.each<[string, Partial<StoredResponse>, headers: Record<string, string>, method: string, object | string]>([
		['a plain request', WHOLE, {}, 'GET', 'whole'],
		['a plain HEAD', WHOLE, {}, 'HEAD', 'whole'],
		['a matching tag', WHOLE, {'if-none-match': ETAG}, 'GET', notModified],
		['a matching tag with HEAD', WHOLE, {'if-none-match': ETAG}, 'HEAD', notModified],
		['a matching tag before a range', WHOLE, {'if-none-match': ETAG, range: 'bytes=0-1'}, 'GET', notModified],
		['another tag before a range', WHOLE, {'if-none-match': '"v0"', range: 'bytes=0-1'}, 'GET', partOf(0, 2, 0, 5)],
		['a range', WHOLE, {range: 'bytes=3-'}, 'GET', partOf(3, 2, 3, 5)],
		['a range with HEAD', WHOLE, {range: 'bytes=3-'}, 'HEAD', 'whole'],
		['a range of this version', WHOLE, {range: 'bytes=3-', 'if-range': ETAG}, 'GET', partOf(3, 2, 3, 5)],
		['a range of another version', WHOLE, {range: 'bytes=3-', 'if-range': '"v0"'}, 'GET', 'whole'],
		[
			'a range beyond the end',
			WHOLE,
			{range: 'bytes=5-'},
			'GET',
			{kind: 'rangeNotSatisfiable', total: 5, reason: 'rangeBeyondEnd'},
		],
		['a range that is none', WHOLE, {range: 'lines=1-2'}, 'GET', 'none'],
		['a range of a decoded body', {decoded: true}, range, 'GET', 'none'],
		['a range of another success', {statusCode: 203}, range, 'GET', 'whole'],
		['a condition on an error', {statusCode: 404}, {'if-none-match': ETAG, ...range}, 'GET', 'whole'],
		['a condition on a redirect', {statusCode: 301}, {'if-none-match': ETAG}, 'GET', 'whole'],
		['a part', PART, {}, 'GET', 'none'],
		['the head of a part', PART, {}, 'HEAD', 'none'],
		['a part, with its tag', PART, {'if-none-match': ETAG}, 'GET', notModified],
		['a range within a part', PART, range, 'GET', partOf(1, 2, 6, 10)],
		['a range outside a part', PART, {range: 'bytes=0-1'}, 'GET', 'none'],
		['a range of another version of a part', PART, {...range, 'if-range': '"v0"'}, 'GET', 'none'],
		['a range of a part that names none', {statusCode: 206, rawHeaders: []}, range, 'GET', 'none'],
	])('to %s', (_, stored, headers, method, answer) => {
		expect(answerFromStored(sampleRequest({headers, method}), sampleStored(stored))).toEqual(answer);
	});
});
