import type {HttpRequest} from '../http/request.js';
import {isCredentialHeader, isTransientCookie} from './credential-fields.js';
import {headerEntries} from './header-entries.js';
import {digest, encodeParts} from './key-digest.js';
import {type IgnoredNames, ignoredNames, type KeySettings} from './key-settings.js';

/** The identity of a request without credentials. */
export const ANONYMOUS = 'anonymous';

/** The identity of every request under `identity: false`. It is not {@link ANONYMOUS}, or the records that users share there would reach those who never logged in. */
export const ONE_USER = 'one-user';

// No header has a space in its name, so these, and `cookie <name>`, are never one.
const USER_INFO = 'user info';
const CLIENT_CERTIFICATE = 'client certificate';

/** A name, and what was sent under it. */
type Credential = readonly [name: string, value: string];

/**
 * Who is asking, as a digest (an HMAC with a `secretKey`), {@link ANONYMOUS} or {@link ONE_USER}. Requests with different results never share a record.
 *
 * With `identity` unset it is made of all credentials of the request, in any order: the headers that {@link isCredentialHeader} names, user info in the URL, the client
 * certificate, and each cookie but those that {@link isTransientCookie} names. User info is the Basic authorization that it stands for (RFC 7617), so it makes no
 * difference whether the client has already turned it into one. `ignoredParams` are left out, be they cookies or headers (`authorization` also stands for user info);
 * so is `authorization` with `sharesAuthorized`.
 */
export function identityDigest(
	request: HttpRequest,
	settings: Pick<KeySettings, 'identity' | 'ignoredParams' | 'secretKey' | 'sharesAuthorized'>,
): string {
	const {identity, secretKey} = settings;
	if (identity === false) {
		return ONE_USER;
	}
	if (identity !== undefined) {
		// JSON escapes lone surrogates, which UTF-8 would make all alike.
		return digest(encodeParts(['identity', JSON.stringify(identity)]), secretKey);
	}
	const credentials = credentialsOf(request, settings.sharesAuthorized ?? false, ignoredNames(settings.ignoredParams));
	return credentials.length === 0 ? ANONYMOUS : digest(encodeParts(['credentials', ...credentials]), secretKey);
}

/** Names and values in turn. */
function credentialsOf(request: HttpRequest, sharesAuthorized: boolean, ignored: IgnoredNames | undefined): string[] {
	const credentials: Credential[] = [];
	for (const [name, value] of headerEntries(request.headers)) {
		if (ignored?.headers.has(name) || (sharesAuthorized && name === 'authorization')) {
			continue;
		}
		if (name === 'cookie') {
			addCookies(credentials, value, ignored);
		} else if (isCredentialHeader(name)) {
			credentials.push([name, value]);
		}
	}
	if (!sharesAuthorized) {
		addUserInfo(credentials, request.url, ignored);
	}
	if (request.clientCertificate !== undefined) {
		credentials.push([CLIENT_CERTIFICATE, digest(request.clientCertificate)]);
	}
	return inOrder(credentials);
}

/** Sorted by name. The sort is stable: of two cookies with one name the first often wins, so their order counts. */
function inOrder(credentials: Credential[]): string[] {
	if (credentials.length > 1) {
		credentials.sort(([a], [b]) => (a < b ? -1 : Number(a > b)));
	}
	const parts: string[] = [];
	for (const [name, value] of credentials) {
		parts.push(name, value);
	}
	return parts;
}

function addCookies(credentials: Credential[], header: string, ignored: IgnoredNames | undefined): void {
	for (const piece of header.split(';')) {
		const cookie = piece.trim();
		const equals = cookie.indexOf('=');
		const name = equals === -1 ? '' : cookie.slice(0, equals).trim();
		if (cookie !== '' && !isTransientCookie(name) && !ignored?.exact.has(name)) {
			credentials.push([`cookie ${name}`, cookie.slice(equals + 1)]);
		}
	}
}

function addUserInfo(credentials: Credential[], url: string, ignored: IgnoredNames | undefined): void {
	if (!url.includes('@') || ignored?.headers.has('authorization')) {
		return;
	}
	const {username, password} = new URL(url);
	if (username === '' && password === '') {
		return;
	}
	const userPass = Buffer.from(`${percentDecoded(username)}:${percentDecoded(password)}`);
	const basic = `Basic ${userPass.toString('base64')}`;
	const authorization = credentials.find(([name]) => name === 'authorization');
	if (authorization === undefined) {
		credentials.push(['authorization', basic]);
	} else if (authorization[1] !== basic) {
		credentials.push([USER_INFO, basic]);
	}
}

function percentDecoded(text: string): string {
	try {
		return decodeURIComponent(text);
	} catch {
		return text;
	}
}
