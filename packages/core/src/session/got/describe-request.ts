import process from 'node:process';
import type {Options, PromiseCookieJar} from 'got';
import {withoutUserInfo} from '../../backend/canonical-url.js';
import type {RequestHeaders} from '../../http/headers.js';
import type {HttpRequest, RequestBody} from '../../http/request.js';
import {textBody} from '../../http/text-body.js';
import type {Awaitable} from '../../storage/awaitable.js';
import {describeFormData} from './form-data-body.js';
import {GOT_MAJOR, isHeaderExplicit} from './got-version.js';

// What got asks for by itself, in its own order.
const acceptEncoding = [
	'gzip',
	'deflate',
	...('brotli' in process.versions ? ['br'] : []),
	...('zstd' in process.versions ? ['zstd'] : []),
].join(', ');

/** The request that got will make of these options, with what it adds only when it sends: Basic authorization, the jar's cookies, `accept`, `accept-encoding`, and the type of a JSON or form body. */
export function describeRequest(options: Options): Awaitable<HttpRequest> {
	const headers: Record<string, string | readonly string[]> = {};
	for (const [name, value] of Object.entries(options.headers)) {
		if (value !== undefined && value !== null) {
			headers[name] = value;
		}
	}
	if (options.responseType === 'json' && !('accept' in options.headers)) {
		headers['accept'] = 'application/json';
	}
	if (options.json !== undefined || options.form !== undefined) {
		headers['content-type'] ??= options.json === undefined ? 'application/x-www-form-urlencoded' : 'application/json';
	}
	if (options.decompress && !(GOT_MAJOR >= 16 && isHeaderExplicit(options, 'accept-encoding'))) {
		headers['accept-encoding'] ??= acceptEncoding;
	}
	const {username, password} = options;
	// From 15 on, a header goes before credentials in the URL.
	if ((username || password) && !isHeaderExplicit(options, 'authorization')) {
		headers['authorization'] = `Basic ${Buffer.from(`${username}:${password}`).toString('base64')}`;
	}
	const url = withoutUserInfo(options.url as URL);
	const request = assemble(options, url, headers);
	const jar = isOmitted(options, 'cookie') ? undefined : options.cookieJar;
	const form: unknown = options.body;
	if (form instanceof FormData) {
		return describeFormData(form).then(body => {
			const complete = {...request, body};
			return jar ? withCookies(complete, jar, url) : complete;
		});
	}
	return jar ? withCookies(request, jar, url) : request;
}

function isOmitted(options: Options, name: string): boolean {
	return isHeaderExplicit(options, name) && options.headers[name] === undefined;
}

/** What this request says when it is sent: got's options as its last `beforeRequest` hook saw them. */
export function describeSentRequest(options: Options): HttpRequest {
	return assemble(options, withoutUserInfo(options.url as URL), {...options.headers} as RequestHeaders);
}

/** got's option `cookieJar`; got has made its methods give promises. */
export type CookieJar = NonNullable<Options['cookieJar']>;

/** The request with the cookies that the jar has for a URL. As in got, they replace a `cookie` header, unless there are none. */
export async function withCookies(request: HttpRequest, jar: CookieJar, url: string): Promise<HttpRequest> {
	const cookie: unknown = await (jar as PromiseCookieJar).getCookieString(url);
	return typeof cookie === 'string' && cookie !== '' ? {...request, headers: {...request.headers, cookie}} : request;
}

function assemble(options: Options, url: string, headers: RequestHeaders): HttpRequest {
	const body = describeBody(options, headers);
	const certificate = clientCertificate(options);
	return {
		method: options.method.toUpperCase(),
		url,
		headers,
		decompress: options.decompress,
		...(body && {body}),
		...(certificate !== undefined && {clientCertificate: certificate}),
	};
}

function describeBody(options: Options, headers: RequestHeaders): RequestBody | undefined {
	if (options.json !== undefined) {
		return {kind: 'json', text: options.stringifyJson(options.json)};
	}
	if (options.form !== undefined) {
		return {kind: 'form', text: new URLSearchParams(options.form as Record<string, string>).toString()};
	}
	const body: unknown = options.body;
	if (body === undefined) {
		return undefined;
	}
	if (typeof body === 'string') {
		return textBody(body, String(headers['content-type'] ?? ''));
	}
	if (ArrayBuffer.isView(body)) {
		return {kind: 'bytes', bytes: new Uint8Array(body.buffer, body.byteOffset, body.byteLength)};
	}
	return {kind: 'stream'};
}

// A private key says who is asking as well as a certificate does, and neither is kept: they only go into a digest.
function clientCertificate(options: Options): string | Uint8Array | undefined {
	const {certificate, pfx} = options.https as {certificate?: unknown; pfx?: unknown};
	if (certificate === undefined && pfx === undefined) {
		return undefined;
	}
	const material = [certificate, pfx].flat(2).filter(part => part !== undefined);
	return JSON.stringify(
		material.map(part => (ArrayBuffer.isView(part) ? Buffer.from(part as Uint8Array).toString('base64') : part)),
	);
}
