import process from 'node:process';
import {gzipSync} from 'node:zlib';
import {describe, expect, it, jest} from '@jest/globals';
import {startOrigin} from '../../../../../test-support/origin-server.js';
import {CachedSession} from '../../../src/index.js';
import {runSteps, type Step, type Story} from './run-steps.js';

const fresh = {'cache-control': 'max-age=60', etag: '"a"'};
const whole = {headers: fresh, body: '0123456789'};
const part = (first: number, last: number, etag: string | undefined = '"a"') => ({
	status: 206,
	headers: {'cache-control': 'max-age=60', ...(etag && {etag}), 'content-range': `bytes ${first}-${last}/10`},
	body: '0123456789'.slice(first, last + 1),
});
const asks = (range: string, rest: Partial<Step> = {}): Step => ({
	headers: {range: `bytes=${range}`},
	sent: false,
	...rest,
});
const gives = (body: string, range: string) => ({
	statusCode: 206,
	body,
	isFromCache: true,
	headers: expect.objectContaining({'content-range': `bytes ${range}`, 'content-length': String(body.length)}),
});

const stories: Story[] = [
	[
		'are taken from a complete response',
		{reply: whole, sent: {}},
		asks('2-4', {after: 3, gives: gives('234', '2-4/10')}),
		asks('-2', {gives: gives('89', '8-9/10')}),
		asks('7-', {gives: gives('789', '7-9/10')}),
		asks('8-99', {gives: gives('89', '8-9/10')}),
	],
	[
		'have an Age',
		{reply: whole, sent: {}},
		asks('0-1', {after: 3, gives: {headers: expect.objectContaining({age: '3'})}}),
	],
	[
		'that begin after the end are refused',
		{reply: whole, sent: {}},
		asks('10-', {gives: {statusCode: 416, body: '', headers: {'content-range': 'bytes */10', 'content-length': '0'}}}),
		asks('10-', {gives: {headers: expect.not.objectContaining({age: expect.anything()})}}),
	],
	[
		'with an If-Range of the stored version',
		{reply: whole, sent: {}},
		asks('0-1', {headers: {range: 'bytes=0-1', 'if-range': '"a"'}, gives: {statusCode: 206, body: '01'}}),
	],
	[
		'with an If-Range of another version get the whole',
		{reply: whole, sent: {}},
		asks('0-1', {headers: {range: 'bytes=0-1', 'if-range': '"b"'}, gives: {statusCode: 200, body: '0123456789'}}),
	],
	[
		'of a stored part are taken from it',
		asks('2-7', {reply: part(2, 7), sent: {range: 'bytes=2-7', 'accept-encoding': 'identity'}}),
		asks('3-4', {gives: gives('34', '3-4/10')}),
		asks('2-7', {gives: gives('234567', '2-7/10')}),
	],
	[
		'that only partly are stored are asked for, and joined',
		asks('0-4', {reply: part(0, 4), sent: {}}),
		asks('3-7', {
			reply: part(3, 7),
			sent: {range: 'bytes=3-7'},
			gives: {statusCode: 206, body: '34567', isFromCache: false},
		}),
		asks('0-7', {gives: gives('01234567', '0-7/10')}),
	],
	[
		'of another version are not joined',
		asks('0-4', {reply: part(0, 4), sent: {}}),
		asks('5-9', {reply: part(5, 9, '"b"'), sent: {}, gives: {body: '56789'}}),
		asks('0-9', {reply: whole, sent: {}, gives: {statusCode: 200}}),
	],
	[
		'complete what a request for the whole lacks',
		asks('0-4', {reply: part(0, 4), sent: {}}),
		{
			reply: part(5, 9),
			sent: {range: 'bytes=5-', 'if-range': '"a"', 'accept-encoding': 'identity'},
			gives: {statusCode: 200, body: '0123456789', headers: expect.objectContaining({'content-length': '10'})},
		},
		{sent: false, gives: {statusCode: 200, body: '0123456789', isFromCache: true}},
	],
	[
		'that would complete another version have the whole in place of it',
		asks('0-4', {reply: part(0, 4), sent: {}}),
		{
			reply: {headers: {...fresh, etag: '"b"'}, body: 'new'},
			sent: {'if-range': '"a"'},
			gives: {statusCode: 200, body: 'new'},
		},
		{sent: false, gives: {body: 'new'}},
	],
	[
		'are validated within what is stored',
		asks('2-7', {reply: part(2, 7), sent: {}}),
		asks('3-4', {
			after: 61,
			reply: {status: 304, headers: fresh},
			sent: {'if-none-match': '"a"', range: 'bytes=3-4'},
			gives: gives('34', '3-4/10'),
		}),
		asks('3-4', {gives: gives('34', '3-4/10')}),
	],
	[
		'that are several are left to the server',
		{reply: whole, sent: {}},
		asks('0-1,3-4', {reply: {status: 206, body: 'parts'}, sent: {range: 'bytes=0-1,3-4'}, gives: {body: 'parts'}}),
		{sent: false, gives: {body: '0123456789'}},
	],
	[
		'of what was kept decoded are left to the server',
		{
			reply: {headers: {...fresh, 'content-encoding': 'gzip'}, body: gzipSync('0123456789')},
			sent: {},
			gives: {body: '0123456789'},
		},
		asks('0-1', {reply: part(0, 1), sent: {'accept-encoding': 'identity'}, gives: {statusCode: 206, body: '01'}}),
	],
	[
		"leave a coding alone that is the caller's own",
		asks('0-1', {
			headers: {range: 'bytes=0-1', 'accept-encoding': 'br'},
			reply: part(0, 1),
			sent: {'accept-encoding': 'br'},
		}),
	],
];

describe('ranges', () => {
	it.each(stories)('%s', (_name, ...steps) => runSteps(steps));

	it('that do not complete what is stored have the whole asked for', async () => {
		await using origin = await startOrigin(({headers}) => {
			if (headers.range === 'bytes=0-4') {
				return part(0, 4);
			}
			// Less than it was asked for, so that the whole cannot be put together.
			return headers.range === 'bytes=5-' ? part(7, 9) : whole;
		});
		await using session = new CachedSession({cacheControl: true});
		await session.get(origin.url, {headers: {range: 'bytes=0-4'}});
		expect(await session.get(origin.url)).toMatchObject({statusCode: 200, body: '0123456789', isFromCache: false});
		expect(origin.requests.map(({headers}) => headers.range)).toEqual(['bytes=0-4', 'bytes=5-', undefined]);
		expect(await session.get(origin.url)).toMatchObject({body: '0123456789', isFromCache: true});
	});

	it('are not joined with what a hook had sent for another user', async () => {
		const warn = jest.spyOn(process, 'emitWarning').mockImplementation(() => undefined);
		let token: string | undefined;
		await using origin = await startOrigin(({headers}) =>
			headers.range === undefined
				? whole
				: part(headers.range === 'bytes=5-' ? 5 : 0, headers.range === 'bytes=5-' ? 9 : 4),
		);
		await using session = new CachedSession({
			cacheControl: true,
			hooks: {beforeRequest: [({headers}) => void Object.assign(headers, token && {authorization: token})]},
		});
		await session.get(origin.url, {headers: {range: 'bytes=0-4'}});
		token = 'Bearer anna';
		expect(await session.get(origin.url)).toMatchObject({body: '0123456789', cacheKey: undefined});
		expect(origin.requests.map(({headers}) => headers.range)).toEqual(['bytes=0-4', 'bytes=5-', undefined]);
		warn.mockRestore();
	});

	it('are joined for the caller, but not kept, when filterFn does not want the whole', () =>
		runSteps(
			[
				asks('0-4', {reply: part(0, 4), sent: {}}),
				{reply: part(5, 9), sent: {}, gives: {statusCode: 200, body: '0123456789', cacheKey: undefined}},
				asks('0-9', {sent: {}}),
			],
			{filterFn: ({statusCode}) => statusCode === 206},
		));

	it('without cacheControl are asked for uncoded as well, and go past the cache', () =>
		runSteps([asks('0-1', {reply: part(0, 1), sent: {'accept-encoding': 'identity'}}), asks('0-1', {sent: {}})], {
			cacheControl: false,
		}));
});
