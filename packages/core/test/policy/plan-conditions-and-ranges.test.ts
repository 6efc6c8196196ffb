import {describe, expect, it} from '@jest/globals';
import type {StoredResponse} from '../../src/http/response.js';
import type {PlanCase} from './plan-by-rules.js';
import {asks, FRESH, fetch, fresh, plan, revalidate, STALE, tagged, unsatisfiable} from './plan-by-rules.js';
import {cacheControl, dateAt, ETAG, NOW, rfcStored} from './samples.js';

describe('conditions and ranges of the caller', () => {
	const notModified = {kind: 'notModified', reason: 'etagMatches'};
	const PART = rfcStored(cacheControl('max-age=100', 'ETag', ETAG, 'Content-Range', 'bytes 0-4/10'), {statusCode: 206});
	const completion = {
		kind: 'complete',
		conditions: {range: 'bytes=5-', 'if-range': ETAG},
		standby: false,
		reason: 'partStored',
	};
	const of = (stored: StoredResponse, changes: Partial<StoredResponse>): StoredResponse => ({...stored, ...changes});
	it.each<[string, PlanCase, object]>([
		['a matching tag, fresh', {stored: FRESH, headers: {'if-none-match': ETAG}}, notModified],
		['another tag, fresh', {stored: FRESH, headers: {'if-none-match': '"v0"'}}, fresh],
		['nothing stored', {headers: {'if-none-match': ETAG}}, fetch('nothingStored')],
		['a matching tag, stale', {stored: STALE, headers: {'if-none-match': ETAG}}, revalidate('expired')],
		[
			'other tags, stale',
			{stored: STALE, headers: {'if-none-match': '"v0", W/"w"'}},
			{...revalidate('expired'), conditions: {'if-none-match': `${ETAG}, "v0", W/"w"`}},
		],
		['any tag, stale', {stored: STALE, headers: {'if-none-match': '*'}}, revalidate('expired')],
		[
			'a tag where none is stored',
			{
				stored: rfcStored(['Last-Modified', dateAt(-100), 'Cache-Control', 'max-age=1']),
				headers: {'if-none-match': '"v0"'},
			},
			fetch('expired'),
		],
		['a date, stale with a tag', {stored: STALE, headers: {'if-modified-since': dateAt(-5)}}, revalidate('expired')],
		[
			'a date, stale with a date',
			{
				stored: rfcStored(['Last-Modified', dateAt(-100), 'Cache-Control', 'max-age=1']),
				headers: {'if-modified-since': dateAt(-5)},
			},
			{...revalidate('expired'), conditions: {'if-modified-since': dateAt(-100)}},
		],
		[
			'a tag, stale but servable',
			{stored: rfcStored(tagged('max-age=50, stale-while-revalidate=99')), headers: {'if-none-match': ETAG}},
			revalidate('expired'),
		],
		[
			'a range',
			{stored: FRESH, headers: {range: 'bytes=1-2'}},
			{
				kind: 'servePartial',
				reason: 'rangeStored',
				part: {offset: 1, length: 2, contentRange: {first: 1, last: 2, total: 5}},
			},
		],
		[
			'a range beyond the end',
			{stored: FRESH, headers: {range: 'bytes=5-'}},
			{kind: 'rangeNotSatisfiable', total: 5, reason: 'rangeBeyondEnd'},
		],
		['several ranges', {stored: FRESH, headers: {range: 'bytes=0-1,3-4'}}, fetch('rangeNotServable')],
		[
			'several ranges, and nothing may be sent',
			{stored: FRESH, headers: {range: 'bytes=0-1,3-4', 'cache-control': 'only-if-cached'}},
			unsatisfiable,
		],
		[
			'a range of a decoded body',
			{stored: of(FRESH, {decoded: true}), headers: {range: 'bytes=0-1'}},
			fetch('rangeNotServable'),
		],
		[
			'a range of a decoded body, stale',
			{stored: of(STALE, {decoded: true}), headers: {range: 'bytes=0-1'}},
			fetch('expired'),
		],
		['a range, stale', {stored: STALE, headers: {range: 'bytes=0-1'}}, revalidate('expired')],
		['a range with HEAD', {stored: FRESH, method: 'HEAD', headers: {range: 'bytes=0-1'}}, fresh],
		[
			'a range within the stored part',
			{stored: PART, headers: {range: 'bytes=1-2'}},
			{
				kind: 'servePartial',
				reason: 'rangeStored',
				part: {offset: 1, length: 2, contentRange: {first: 1, last: 2, total: 10}},
			},
		],
		['a range outside the stored part', {stored: PART, headers: {range: 'bytes=4-5'}}, fetch('partStored')],
		[
			'a range within the stored part, stale',
			{stored: of(PART, {expires: NOW - 1}), headers: {range: 'bytes=1-2'}},
			revalidate('expired'),
		],
		[
			'a range outside the stored part, stale',
			{stored: of(PART, {expires: NOW - 1}), headers: {range: 'bytes=4-5'}},
			fetch('expired'),
		],
		['the whole of a stored part', {stored: PART}, completion],
		['the whole of a stored part, stale', {stored: of(PART, {expires: NOW - 1})}, completion],
		['the whole of a stored part, with a tag', {stored: PART, headers: {'if-none-match': '"v0"'}}, fetch('partStored')],
		[
			'the whole of a stored part, and nothing may be sent',
			{stored: PART, headers: asks('only-if-cached')},
			unsatisfiable,
		],
		['the head of a stored part', {stored: PART, method: 'HEAD'}, fetch('partStored')],
		[
			'the whole of a stored part with an error window',
			{stored: of(PART, {expires: NOW - 1}), settings: {staleIfError: true}},
			completion,
		],
		[
			'a condition where an error is stored',
			{
				stored: rfcStored(tagged('max-age=100'), {statusCode: 404}),
				headers: {'if-none-match': ETAG, range: 'bytes=0-1'},
			},
			fresh,
		],
	])('%s', (_, given, expected) => {
		expect(plan(given)).toEqual(expected);
	});
});
