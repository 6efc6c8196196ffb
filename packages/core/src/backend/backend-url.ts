import {fileURLToPath} from 'node:url';
import {InvalidOptionError, Unsaid} from '../errors.js';

/** Which backend a URL means, and what it says for it. */
export type BackendPlace =
	| {readonly kind: 'memory' | 'file' | 'sqlite'; readonly name: string | undefined}
	| {readonly kind: 'redis'; readonly name: string | undefined; readonly options: {readonly url: string}}
	| {
			readonly kind: 'dynamodb';
			readonly name: string;
			readonly options: {readonly region?: string; readonly endpoint?: string};
	  };

/** The forms that are accepted, for messages. */
const FORMS = [
	"'memory:'",
	"'file:./folder'",
	"'sqlite:./cache.db'",
	"'sqlite::memory:'",
	"'redis://host:6379/0?name=http-cache'",
	"'rediss://…'",
	"'dynamodb://table?region=eu-central-1&endpoint=http://127.0.0.1:8000'",
].join(', ');

/** Understands the URL of a backend. @throws InvalidOptionError, which does not say more of the URL than its scheme: there may be a password in it */
export function parseBackendUrl(given: string | URL): BackendPlace {
	const text = given instanceof URL ? given.href : given;
	const [, scheme = '', rest = ''] = (typeof text === 'string' && /^([a-z][a-z\d+.-]*):(.*)$/is.exec(text)) || [];
	switch (scheme.toLowerCase()) {
		case 'memory':
			return {kind: 'memory', name: rest || undefined};
		case 'file':
			return {kind: 'file', name: pathOf(text, rest)};
		case 'sqlite':
			return {kind: 'sqlite', name: pathOf(text, rest)};
		case 'redis':
		case 'rediss':
			return parseRedisUrl(text);
		case 'dynamodb':
			return parseDynamoDBUrl(text);
		default:
			throw refusal(text);
	}
}

/** A path as it stands, or that of a URL with two slashes, in which characters may be percent-encoded. Empty: the backend's own default. */
function pathOf(text: string, rest: string): string | undefined {
	if (!rest.startsWith('//')) {
		return rest || undefined;
	}
	const url = parse(text, `file:${rest}`);
	if (url.host !== '' || url.search !== '' || url.hash !== '') {
		throw refusal(text, 'a path behind a single colon, or an absolute one behind three slashes');
	}
	try {
		return fileURLToPath(url);
	} catch {
		throw refusal(text);
	}
}

/** `name` is the backend's; everything else is Redis's. */
function parseRedisUrl(text: string): BackendPlace {
	const url = parse(text, text);
	if (url.hostname === '') {
		throw refusal(text);
	}
	const [name, ...others] = url.searchParams.getAll('name');
	if (others.length > 0 || name === '') {
		throw refusal(text, "'name' once, and not empty");
	}
	if (name !== undefined) {
		url.searchParams.delete('name');
	}
	return {kind: 'redis', name, options: {url: name === undefined ? text : url.href}};
}

function parseDynamoDBUrl(text: string): BackendPlace {
	const url = parse(text, text);
	const {hostname, username, password, port, pathname, hash, searchParams} = url;
	if (hostname === '' || username + password + port + hash !== '' || !['', '/'].includes(pathname)) {
		throw refusal(text);
	}
	const options: Record<string, string> = {};
	for (const [parameter, value] of searchParams) {
		if ((parameter !== 'region' && parameter !== 'endpoint') || parameter in options || value === '') {
			throw refusal(text, "'region' and 'endpoint', each once, behind the question mark");
		}
		options[parameter] = value;
	}
	return {kind: 'dynamodb', name: decoded(hostname, text), options};
}

function decoded(part: string, text: string): string {
	try {
		return decodeURIComponent(part);
	} catch {
		throw refusal(text);
	}
}

function parse(text: string, url: string): URL {
	if (!URL.canParse(url)) {
		throw refusal(text);
	}
	return new URL(url);
}

function refusal(text: unknown, accepted = FORMS): InvalidOptionError {
	const scheme = typeof text === 'string' ? /^[a-z][a-z\d+.-]*:/i.exec(text)?.[0] : undefined;
	return new InvalidOptionError('url', scheme === undefined ? new Unsaid(text) : `${scheme}…`, accepted);
}
