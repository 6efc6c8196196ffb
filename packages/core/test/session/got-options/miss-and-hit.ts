import {expect} from '@jest/globals';
import type {Response} from 'got';
import {type CachedResponse, CachedSession, type RequestOptions} from '../../../src/index.js';
import {comparable} from '../ask-three-ways.js';

/** A miss and a hit, of which only the miss gets through to the network. */
export async function missAndHit(url: string, options: RequestOptions, body: string): Promise<CachedSession> {
	const session = new CachedSession();
	const miss = (await session.get(url, options)) as CachedResponse<string>;
	const hit = (await session.get(url, options)) as CachedResponse<string>;
	expect([miss.isFromCache, hit.isFromCache]).toEqual([false, true]);
	expect([miss.body, hit.body]).toEqual([body, body]);
	expect(withoutPseudoFields(hit)).toEqual(withoutPseudoFields(miss));
	return session;
}

/** got gives `:status` among the fields of an HTTP/2 response; it is none, and is not stored. */
function withoutPseudoFields(response: Response): object {
	const {headers, rawHeaders, ...rest} = comparable(response) as Pick<Response, 'headers' | 'rawHeaders'>;
	return {
		...rest,
		headers: Object.fromEntries(Object.entries(headers).filter(([name]) => !name.startsWith(':'))),
		rawHeaders: rawHeaders.filter((_, index) => !rawHeaders[index - (index % 2)]?.startsWith(':')),
	};
}
