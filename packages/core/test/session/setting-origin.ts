import {CookieJar} from 'tough-cookie';
import {type Origin, startOrigin} from '../../../../test-support/origin-server.js';
import type {CachedSessionOptions} from '../../src/index.js';

/** The user says who is asking, so that jars with different cookies share what is stored. */
export const oneUser: CachedSessionOptions = {identity: 'one'};

/** What the jar would send to a URL. */
export const cookiesOf = (jar: CookieJar, url: string) => jar.getCookieString(url);

/** An origin that sets these cookies. */
export async function startSetting(...cookies: string[]): Promise<Origin> {
	return startOrigin({headers: {'set-cookie': cookies}, body: 'with cookies'});
}

/** A jar that has what these lines set. */
export async function jarWith(url: string, ...lines: string[]): Promise<CookieJar> {
	const jar = new CookieJar();
	for (const line of lines) {
		await jar.setCookie(line, url);
	}
	return jar;
}
