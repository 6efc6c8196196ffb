import {pairName} from './canonical-pairs.js';
import {withoutUserInfo} from './canonical-url.js';
import {isSecretParam} from './credential-fields.js';
import {ignoredNames} from './key-settings.js';

/** What stands in a redacted URL in place of a secret. */
export const REDACTED = 'REDACTED';

/** A URL that has none of the parts in which secrets are looked for, in the form that the class URL gives it. */
const PLAIN_URL = /^https?:\/\/[a-z\d.-]+(?::\d+)?\/(?!.*\/\.|\.)[\w./~%-]*$/;

/**
 * A URL as it may be stored and listed: without user info, fragment and `ignoredParams`, with {@link REDACTED} for the values of parameters that
 * {@link isSecretParam} names and of a `;jsessionid=` in the path. Parameters keep their order and spelling.
 *
 * It is for people who look at what is stored (`getUrls`, events). It is not for sending: where a stored record must be asked for again, or a redirect be followed,
 * the request at hand gives the URL. Nor do keys depend on it: a key has the digest of the whole URL.
 * @throws TypeError where `url` is not an absolute URL
 */
export function redactUrl(url: string | URL, ignoredParams: readonly string[]): string {
	if (typeof url === 'string' && PLAIN_URL.test(url)) {
		return url;
	}
	const [sent = ''] = withoutUserInfo(url).split('#', 1);
	const mark = sent.indexOf('?');
	const path = (mark === -1 ? sent : sent.slice(0, mark)).replace(/(;jsessionid=)[^/;]*/gi, `$1${REDACTED}`);
	if (mark === -1) {
		return path;
	}
	const ignored = ignoredNames(ignoredParams)?.pairs;
	const pairs: string[] = [];
	for (const pair of sent.slice(mark + 1).split('&')) {
		const name = pairName(pair);
		if (!ignored?.has(name)) {
			pairs.push(redactPair(pair, name));
		}
	}
	return pairs.length === 0 ? path : `${path}?${pairs.join('&')}`;
}

function redactPair(pair: string, name: string): string {
	const equals = pair.indexOf('=');
	const hasSecret = equals !== -1 && isSecretParam(name, pair.slice(equals + 1));
	return hasSecret ? `${pair.slice(0, equals)}=${REDACTED}` : pair;
}
