/** Options of the connection that a miss is made with; a hit makes none. */
import {createServer} from 'node:http';
import type {LookupFunction} from 'node:net';
import {Readable} from 'node:stream';
import {describe, expect, it} from '@jest/globals';
import {GOT_MAJOR} from '../../../../../test-support/got-version.js';
import {startOrigin} from '../../../../../test-support/origin-server.js';
import {CachedSession, type RequestOptions} from '../../../src/index.js';
import {askThreeWays} from '../ask-three-ways.js';
import {expectSame, expectSameError} from './expect-same.js';
import {listen} from './listen.js';

const once = {retry: {limit: 0}} as const;

describe('localAddress', () => {
	it('is where a miss comes from', async () => {
		await using origin = await startOrigin((_request, {req}) => req.socket.remoteAddress);
		const {body} = await expectSame(origin, client => client.get(origin.url, {localAddress: '127.0.0.2'}));
		expect(body).toBe('127.0.0.2');
	});

	it('that nobody has fails a miss, and no hit', async () => {
		await using origin = await startOrigin('answer');
		const options: RequestOptions = {localAddress: '192.0.2.1', ...once};
		const error = await expectSameError(client => client.get(origin.url, options));
		expect(error.code).toBe('EADDRNOTAVAIL');
		await using session = new CachedSession();
		await session.get(origin.url);
		expect(await session.get(origin.url, options)).toMatchObject({isFromCache: true});
	});
});

describe('maxHeaderSize', () => {
	it('bounds the head of a miss, and not that of a hit', async () => {
		await using origin = await startOrigin({headers: {'x-large': 'x'.repeat(5000)}, body: 'answer'});
		const options: RequestOptions = {maxHeaderSize: 4096, ...once};
		const error = await expectSameError(client => client.get(origin.url, options));
		expect(error.code).toBe('HPE_HEADER_OVERFLOW');
		await expectSame(origin, client => client.get(origin.url, {maxHeaderSize: 8192}));
		await using session = new CachedSession();
		await session.get(origin.url);
		expect(await session.get(origin.url, options)).toMatchObject({isFromCache: true});
	});
});

describe('names', () => {
	/** Finds every name here, and notes of what family an address was wanted. */
	function makeLookup(families: unknown[]): LookupFunction {
		return (_host, {all, family}, callback) => {
			families.push(family);
			return all ? callback(null, [{address: '127.0.0.1', family: 4}]) : callback(null, '127.0.0.1', 4);
		};
	}

	it.each<[string, (lookup: LookupFunction) => object]>([
		['dnsLookup', dnsLookup => ({dnsLookup})],
		['dnsCache', lookup => ({dnsCache: {lookup}})],
	])('%s is asked by a miss, as by got, and not by a hit', async (_, optionsOf) => {
		await using origin = await startOrigin('answer');
		const families: unknown[] = [];
		const url = origin.url.replace('127.0.0.1', 'somewhere.invalid');
		const options = {...optionsOf(makeLookup(families)), dnsLookupIpVersion: 4} as RequestOptions;
		const {plain, miss, hit} = await askThreeWays(client => client.get(url, {...options, ...once}));
		for (const {value} of [plain, miss, hit]) {
			expect(value).toMatchObject({body: 'answer'});
		}
		expect(families).toEqual([4, 4]);
	});

	it('that are not to be found fail a miss, and no hit', async () => {
		await using origin = await startOrigin('answer');
		const url = origin.url.replace('127.0.0.1', 'somewhere.invalid');
		const dnsLookup = ((_host: string, _options: object, callback: (error: Error) => void) =>
			callback(Object.assign(new Error('not here'), {code: 'ENOTFOUND'}))) as unknown as RequestOptions['dnsLookup'];
		const options = {dnsLookup, ...once} as RequestOptions;
		await expectSameError(client => client.get(url, options));
		await using session = new CachedSession();
		await session.get(url, {dnsLookup: makeLookup([]) as unknown as NonNullable<RequestOptions['dnsLookup']>});
		expect(await session.get(url, options)).toMatchObject({isFromCache: true});
	});
});

describe('setHost: false', () => {
	it('sends no Host on a miss, as got, and is no part of the key', async () => {
		const seen: unknown[] = [];
		const server = createServer({requireHostHeader: false}, ({headers}, response) => {
			seen.push(headers.host);
			response.end('answer');
		});
		await using running = await listen(server);
		const url = `http://127.0.0.1:${running.port}/`;
		const {plain, miss, hit} = await askThreeWays(client => client.get(url, {setHost: false}));
		for (const {value} of [plain, miss, hit]) {
			expect(value).toMatchObject({body: 'answer'});
		}
		expect(seen).toEqual([undefined, undefined]);
		await using session = new CachedSession();
		await session.get(url);
		expect(await session.get(url, {setHost: false})).toMatchObject({isFromCache: true});
	});
});

describe('strictContentLength', () => {
	it('is on from 15 on; what is too short is stored by none', async () => {
		await using origin = await startOrigin((_request, response) => {
			response.writeHead(200, {'content-length': 10});
			response.write('short', () => response.destroy());
			return undefined;
		});
		const error = await expectSameError(client => client.get(origin.url, once));
		expect(error.code).toBe(GOT_MAJOR < 15 ? 'ECONNRESET' : 'ERR_HTTP_CONTENT_LENGTH_MISMATCH');
	});

	it('is nothing to a hit', async () => {
		await using origin = await startOrigin('answer');
		await using session = new CachedSession();
		await session.get(origin.url, {strictContentLength: false});
		expect(await session.get(origin.url, {strictContentLength: true})).toMatchObject({isFromCache: true});
	});
});

describe('what comes with a connection', () => {
	it('is on a miss what got gives, and undefined on a hit', async () => {
		await using origin = await startOrigin('answer');
		const {plain, miss, hit} = await askThreeWays(client => client.get(origin.url));
		const [ofGot, ofMiss, ofHit] = [plain, miss, hit].map(({value}) => value as {ip?: string; socket?: unknown});
		expect([ofGot?.ip, ofMiss?.ip, ofHit?.ip]).toEqual(['127.0.0.1', '127.0.0.1', undefined]);
		expect(ofHit?.socket).toBeUndefined();
	});
});

describe('a body that breaks off on its way to the server', () => {
	it('is the UploadError that got gives, and nothing is stored', async () => {
		await using origin = await startOrigin('answer');
		const makeBody = () =>
			Readable.from(
				(function* () {
					yield 'begun';
					throw new Error('broken');
				})(),
			);
		const error = await expectSameError(client => client.post(origin.url, {body: makeBody(), ...once}), {
			allowedMethods: ['POST'],
		});
		expect([error.name, error.message]).toEqual(['UploadError', 'broken']);
	});
});
