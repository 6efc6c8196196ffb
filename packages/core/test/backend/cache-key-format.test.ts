import {describe, expect, it} from '@jest/globals';
import {createKey, digestVaryValues, type KeySettings, variantKey} from '../../src/backend/cache-key.js';
import type {HttpRequest} from '../../src/http/request.js';
import {defaults, get, keyWith} from './key-requests.js';

// What is stored lives under these keys: when one of them changes, everybody's cache is lost, and the version in the key must change too.
describe('the format of keys', () => {
	const golden: Array<[name: string, request: Partial<HttpRequest>, settings: Partial<KeySettings>, key: string]> = [
		[
			'a GET',
			{},
			{},
			'1-b2522bd9ab04a89bf46e4ca2998c66babb54f85130d5b00bafabd1cdbcb6251b.bc01f8d28695b0fd982d8e82764cbf3213c0a4927c6b026a1fef288f4c628fc8',
		],
		[
			'a query',
			{url: 'https://example.com/items?b=2&a=1#top'},
			{},
			'1-1103bb32d7a2b3c39a28f2f2a6cde7c9f550afa5473bf2a2bc2948abd522b123.bc01f8d28695b0fd982d8e82764cbf3213c0a4927c6b026a1fef288f4c628fc8',
		],
		[
			'an ignored parameter',
			{url: 'https://example.com/items?ts=1'},
			{ignoredParams: ['ts']},
			'1-b2522bd9ab04a89bf46e4ca2998c66babb54f85130d5b00bafabd1cdbcb6251b.bc01f8d28695b0fd982d8e82764cbf3213c0a4927c6b026a1fef288f4c628fc8',
		],
		[
			'a HEAD',
			{method: 'HEAD'},
			{},
			'1-b2522bd9ab04a89bf46e4ca2998c66babb54f85130d5b00bafabd1cdbcb6251b.51371926c861e414b2a4890afdeac09a59d1076274ec36e1c656fb64c839f1ad',
		],
		[
			'included headers',
			{headers: {'X-B': '2', accept: '*/*'}},
			{includeHeaders: ['x-b', 'accept']},
			'1-b2522bd9ab04a89bf46e4ca2998c66babb54f85130d5b00bafabd1cdbcb6251b.c92c73518c58ca78b99089d2f3d51fb0de882c847eed8db4bcdab311241bc545',
		],
		[
			'another Host',
			{headers: {host: 'Other.example'}},
			{},
			'1-b2522bd9ab04a89bf46e4ca2998c66babb54f85130d5b00bafabd1cdbcb6251b.bb57d761b7c63bae4e0b7706b4ac961b7462e81813efb3428b44af43b5ce5490',
		],
		[
			'decompress: false',
			{decompress: false},
			{},
			'1-b2522bd9ab04a89bf46e4ca2998c66babb54f85130d5b00bafabd1cdbcb6251b.47d15178432dcdacbd06408873bc9df14bfebf58b5eb919452c3cec9e5d17c3d',
		],
		[
			'JSON',
			{method: 'POST', body: {kind: 'json', text: '{"b": [1.0], "a": "\\u00e9"}'}},
			{},
			'1-b2522bd9ab04a89bf46e4ca2998c66babb54f85130d5b00bafabd1cdbcb6251b.75cfaf0edf53912a8156dbf742c77f8d5b24c42f5fcf299bf2d4ba8cf015a059',
		],
		[
			'text that is not JSON',
			{method: 'POST', body: {kind: 'json', text: '{a'}},
			{},
			'1-b2522bd9ab04a89bf46e4ca2998c66babb54f85130d5b00bafabd1cdbcb6251b.2bba6a3e2f4099eaf68a64a16667401a9600a34ad93d62cd73240cc30cc8287c',
		],
		[
			'a form',
			{method: 'POST', body: {kind: 'form', text: 'b=2&a=1'}},
			{},
			'1-b2522bd9ab04a89bf46e4ca2998c66babb54f85130d5b00bafabd1cdbcb6251b.ce7ec864552e848ca26a52e28b04e6a1566801080630ef2de426d87954a21c93',
		],
		[
			'bytes',
			{method: 'POST', body: {kind: 'bytes', bytes: 'abc'}},
			{},
			'1-b2522bd9ab04a89bf46e4ca2998c66babb54f85130d5b00bafabd1cdbcb6251b.19dd0a21b5542ab9a14b7b5d8159a0486182e2316b69747966c8153f6f281d22',
		],
		[
			'Authorization',
			{headers: {Authorization: 'Bearer a'}},
			{},
			'1-b2522bd9ab04a89bf46e4ca2998c66babb54f85130d5b00bafabd1cdbcb6251b.748c510f8f1d551144dc824459261f411e8ea918d3c4c35bcd731328c6e5d8cf',
		],
		[
			'user info',
			{url: 'https://user:pass@example.com/items'},
			{},
			'1-b2522bd9ab04a89bf46e4ca2998c66babb54f85130d5b00bafabd1cdbcb6251b.0b4b0300ab4c60907d3321dadc2b034949c5190584f70631cdc315458a796114',
		],
		[
			'cookies and an API key',
			{headers: {cookie: 'b=2; _ga=1; a=1', 'x-api-key': 'k'}},
			{},
			'1-b2522bd9ab04a89bf46e4ca2998c66babb54f85130d5b00bafabd1cdbcb6251b.54f9812ab25aa82677c061e2b8427555fcf41727cec6c2e3e1a853712ea13845',
		],
		[
			'a client certificate',
			{clientCertificate: 'PEM'},
			{},
			'1-b2522bd9ab04a89bf46e4ca2998c66babb54f85130d5b00bafabd1cdbcb6251b.7ddc94b9577920ccbffa9c125a950a4b962694f000efbd59995972731d078696',
		],
		[
			'a secret key',
			{headers: {authorization: 'Bearer a'}},
			{secretKey: 'k'},
			'1-b2522bd9ab04a89bf46e4ca2998c66babb54f85130d5b00bafabd1cdbcb6251b.624b36cb47fd70ee8eaba46533f0ff51f0e99f00d07310c3f428c1d423336a30',
		],
		[
			'an identity',
			{},
			{identity: 'alice'},
			'1-b2522bd9ab04a89bf46e4ca2998c66babb54f85130d5b00bafabd1cdbcb6251b.0c0592bce3e65275c3ef10fcb2e0dede705b09bbf4a8fa3e39fffa6f78501a81',
		],
		[
			'one user',
			{headers: {authorization: 'Bearer a'}},
			{identity: false},
			'1-b2522bd9ab04a89bf46e4ca2998c66babb54f85130d5b00bafabd1cdbcb6251b.d3f579f06d3d6fba1afe12445f856bcaa9ababd41685f4be5d30c5a05a30fb52',
		],
	];

	it.each(golden)('%s', (_, request, settings, key) => {
		expect(keyWith(request, settings)).toBe(key);
	});

	it('of keyFn, variants and Vary values', () => {
		expect(createKey(get(), defaults, 'items')).toBe(
			'1-a387012ea106f786bd84a87accd6e612a54ebe875a6e617cb8190e9e04b4574f.cd08b4a895b81d87b59ae6da3326bd53e2e3edb53b9e9d41c11f3e93e01c0f61',
		);
		expect(variantKey('1-a.b', 'generation', ['c', 'd'])).toBe(
			'1-a.9f8df8c848fed9f80a63caddcb6e99fc97bfbef8a439ad3872be90d62635c4eb',
		);
		expect(digestVaryValues(['=en'], undefined)).toEqual([
			'2f8e5e19c878db64270b64ca5627a8b8fc03399ab5ad329d440d9d6f5a6114d8',
		]);
		expect(digestVaryValues(['=en'], 'k')).toEqual([
			'71b27944b2c16d80a2919f6817774249a4d90cb2e946a2b1ff75e509bff8e964',
		]);
	});
});
