import {describe, expect, it} from '@jest/globals';
import {runSteps, type Story} from './run-steps.js';

const MODIFIED = 'Sun, 06 Nov 1994 08:49:37 GMT';
const EARLIER = 'Sun, 06 Nov 1994 08:49:36 GMT';

const tagged = {headers: {'cache-control': 'max-age=10', etag: '"a"', 'x-a': '1', 'x-b': '1'}, body: 'kept'};
const dated = {headers: {'cache-control': 'max-age=10', 'last-modified': MODIFIED}, body: 'kept'};
const notModified = {status: 304, headers: {'cache-control': 'max-age=10', etag: '"a"', 'x-a': '2', 'x-c': '2'}};

const ours: Story[] = [
	[
		'a 304 renews fields and life',
		{reply: tagged, sent: {}},
		{
			after: 11,
			reply: notModified,
			sent: {'if-none-match': '"a"'},
			gives: {
				statusCode: 200,
				body: 'kept',
				isFromCache: true,
				headers: expect.objectContaining({'x-a': '2', age: '0'}),
			},
		},
		{after: 9, sent: false, gives: {headers: expect.objectContaining({'x-a': '2', 'x-b': '1', 'x-c': '2', age: '9'})}},
	],
	[
		'a 304 that forbids storing makes the record go, and is used once more',
		{reply: tagged, sent: {}},
		{
			after: 11,
			reply: {status: 304, headers: {'cache-control': 'no-store', etag: '"a"'}},
			sent: {'if-none-match': '"a"'},
			gives: {statusCode: 200, body: 'kept', cacheKey: undefined},
		},
		{reply: {headers: {'cache-control': 'max-age=10'}, body: 'new'}, sent: {'if-none-match': undefined}},
	],
	[
		'a 200 takes the place of what is stored',
		{reply: tagged, sent: {}},
		{
			after: 11,
			reply: {...dated, body: 'new'},
			sent: {'if-none-match': '"a"'},
			gives: {body: 'new', isFromCache: false},
		},
		{sent: false, gives: {body: 'new'}},
	],
	[
		'a 404 that is not stored makes the record go',
		{reply: tagged, sent: {}},
		{after: 11, reply: {status: 404, headers: {'cache-control': 'no-store'}}, sent: {}, gives: {statusCode: 404}},
		{reply: tagged, sent: {'if-none-match': undefined}},
	],
	[
		'a 500 is given, and leaves what is stored',
		{reply: tagged, sent: {}},
		{after: 11, reply: {status: 500}, sent: {}, gives: {statusCode: 500}},
		{reply: notModified, sent: {'if-none-match': '"a"'}, gives: {statusCode: 200, body: 'kept'}},
	],
	[
		'no-cache on both sides asks each time',
		{reply: {...tagged, headers: {...tagged.headers, 'cache-control': 'no-cache'}}, sent: {}},
		{reply: {status: 304, headers: {etag: '"a"'}}, sent: {'if-none-match': '"a"'}, gives: {body: 'kept'}},
		{sent: {'if-none-match': '"a"'}, gives: {body: 'kept'}},
	],
];

const callers: Story[] = [
	[
		'If-None-Match that has what is stored',
		{reply: tagged, sent: {}},
		{
			after: 4,
			headers: {'if-none-match': '"z", W/"a"'},
			sent: false,
			gives: {
				statusCode: 304,
				body: '',
				isFromCache: true,
				headers: {'cache-control': 'max-age=10', etag: '"a"', date: expect.any(String), age: '4'},
			},
		},
	],
	[
		'If-None-Match: *',
		{reply: tagged, sent: {}},
		{headers: {'if-none-match': '*'}, sent: false, gives: {statusCode: 304}},
	],
	[
		'If-None-Match that has something else',
		{reply: tagged, sent: {}},
		{headers: {'if-none-match': '"z"'}, sent: false, gives: {statusCode: 200, body: 'kept'}},
	],
	[
		'If-Modified-Since of the same time',
		{reply: dated, sent: {}},
		{headers: {'if-modified-since': MODIFIED}, sent: false, gives: {statusCode: 304, body: ''}},
	],
	[
		'If-Modified-Since of an earlier time',
		{reply: dated, sent: {}},
		{headers: {'if-modified-since': EARLIER}, sent: false, gives: {statusCode: 200, body: 'kept'}},
	],
	[
		'If-None-Match while nothing is stored',
		{headers: {'if-none-match': '"a"'}, reply: notModified, sent: {'if-none-match': '"a"'}, gives: {statusCode: 304}},
		{reply: tagged, sent: {}, gives: {body: 'kept'}},
	],
	[
		'If-None-Match, when what is stored is stale and still holds for both',
		{reply: tagged, sent: {}},
		{
			after: 11,
			headers: {'if-none-match': '"a"'},
			reply: notModified,
			sent: {'if-none-match': '"a"'},
			gives: {statusCode: 304, body: ''},
		},
		{after: 5, sent: false, gives: {body: 'kept', statusCode: 200}},
	],
	[
		'If-None-Match of another version, when what is stored is stale and still holds',
		{reply: tagged, sent: {}},
		{
			after: 11,
			headers: {'if-none-match': '"z"'},
			reply: notModified,
			sent: {'if-none-match': '"a", "z"'},
			gives: {statusCode: 200, body: 'kept'},
		},
		{after: 5, sent: false, gives: {body: 'kept'}},
	],
	[
		'If-None-Match of the new version, when what is stored is stale and out of date',
		{reply: tagged, sent: {}},
		{
			after: 11,
			headers: {'if-none-match': '"z"'},
			reply: {status: 304, headers: {etag: '"z"'}},
			sent: {'if-none-match': '"a", "z"'},
			gives: {statusCode: 304, body: '', isFromCache: false},
		},
		{reply: {...tagged, body: 'new'}, sent: {'if-none-match': undefined}, gives: {body: 'new'}},
	],
	[
		'If-Match, which is for the server',
		{reply: tagged, sent: {}},
		{headers: {'if-match': '"a"'}, reply: {status: 412}, sent: {'if-match': '"a"'}, gives: {statusCode: 412}},
		{sent: false, gives: {body: 'kept'}},
	],
];

describe('a validation of what is stored', () => {
	it.each(ours)('%s', (_name, ...steps) => runSteps(steps));

	it('works with all headers in the key', () =>
		runSteps(
			[{reply: tagged, sent: {}}, {after: 11, reply: notModified, sent: {'if-none-match': '"a"'}}, {sent: false}],
			{
				includeHeaders: true,
			},
		));
});

describe("the caller's own condition", () => {
	it.each(callers)('%s', (_name, ...steps) => runSteps(steps));

	it('with a 304 that has Location is not followed', () =>
		runSteps([
			{
				headers: {'if-none-match': '"a"'},
				reply: {status: 304, headers: {location: '/elsewhere', etag: '"a"'}},
				sent: {},
				gives: {statusCode: 304, redirectUrls: []},
			},
		]));
});
