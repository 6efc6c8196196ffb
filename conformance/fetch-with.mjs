/** An exchange with an origin on this machine that takes so many milliseconds hangs. */
const REQUEST_TIMEOUT = 15_000;

/**
 * Makes the `fetch` that the suite's client calls: what is under test answers the requests of the tests; the suite's own messages to its origin go around it.
 * @param send a function of a URL and got options that resolves to a response like got's
 */
export function fetchWith(send) {
	return async (url, init = {}) => {
		if (!new URL(url).pathname.startsWith('/test/')) {
			return fetch(url, {...init, signal: AbortSignal.timeout(REQUEST_TIMEOUT)});
		}
		return new SuiteResponse(await send(url, gotOptions(init)));
	};
}

function gotOptions({method = 'GET', headers = [], body, redirect, cache}) {
	return {
		method,
		headers: headerFields(headers, cache),
		...(body === undefined ? {} : {body}),
		followRedirect: redirect !== 'manual',
		throwHttpErrors: false,
		responseType: 'buffer',
		retry: {limit: 0},
		timeout: {request: REQUEST_TIMEOUT},
	};
}

/** A name that is given several times keeps its lines apart. */
function headerFields(pairs, cacheMode) {
	const fields = {};
	for (const [name, value] of pairs) {
		const key = name.toLowerCase();
		fields[key] = Object.hasOwn(fields, key) ? [fields[key], value].flat() : value;
	}
	// What the Fetch standard has a browser send for this mode; an immutable response is tested with it.
	if (cacheMode === 'no-cache') {
		fields['cache-control'] ??= 'max-age=0';
	}
	return fields;
}

/** As much of a fetch response as the suite's client looks at. The standard's own class refuses some of the statuses that the suite uses. */
class SuiteResponse {
	#body;

	constructor(response) {
		this.status = response.statusCode;
		this.statusText = response.statusMessage ?? '';
		this.headers = readableByName(new Headers(fieldLines(response)));
		this.#body = response.body;
	}

	async text() {
		return new TextDecoder().decode(this.#body);
	}
}

/** All field lines as received; got's own cache gives back a response without them. */
function fieldLines({rawHeaders = [], headers}) {
	if (rawHeaders.length === 0) {
		return Object.entries(headers).flatMap(([name, value]) => [value].flat().map(line => [name, line]));
	}
	return Array.from({length: rawHeaders.length / 2}, (_, index) => rawHeaders.slice(index * 2, index * 2 + 2));
}

/**
 * Fields that must not contain some text are read as properties of the headers by the suite's client. A plain `Headers` has none,
 * so that these checks (of `Connection`, `Keep-Alive` and their like) would pass whatever the cache does.
 */
function readableByName(headers) {
	return new Proxy(headers, {
		get(target, name) {
			const member = Reflect.get(target, name, target);
			if (typeof member === 'function') {
				return member.bind(target);
			}
			return member ?? (typeof name === 'string' ? (target.get(name) ?? undefined) : undefined);
		},
	});
}
