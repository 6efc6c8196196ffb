import type {CacheFaultError} from '../../errors.js';
import {fieldValue} from '../../http/headers.js';
import type {HttpResponse} from '../../http/response.js';
import {planRequest} from '../../policy/plan-request.js';
import type {BodyHandle} from '../../storage/base-cache.js';
import type {CacheExchange} from '../cache-exchange.js';
import type {SessionRequest} from '../session-request.js';
import type {FoundResponse} from '../stores/find-stored.js';
import {cancelBody} from './live-body.js';
import {GivenBytes} from './opened-body.js';

/** Request fields that ask for less than the whole. */
const ownConditions = ['range', 'if-range', 'if-match', 'if-none-match', 'if-modified-since', 'if-unmodified-since'];

/**
 * Goes on with a stored body whose store has failed in its middle: asks for it again, past the cache, and gives what comes after what was given already.
 * Nothing of it is stored.
 * @throws the fault, where nothing may be sent, or what comes now is not the same
 */
export async function* goOnFromNetwork(
	exchange: CacheExchange,
	{stored, body: {size}}: FoundResponse,
	given: GivenBytes,
	fault: CacheFaultError,
): AsyncGenerator<Uint8Array> {
	const {engine, identified, request, next} = exchange;
	await engine.reportUnreadable(fault);
	if (planRequest(identified.http, undefined, engine.settings, identified.settings, Date.now()).kind !== 'fetch') {
		throw fault;
	}
	try {
		const response = await next(whole(request));
		if (!isSameHead(response, stored)) {
			cancelBody(response.body);
			throw fault;
		}
		yield* after(given, size, response.body);
	} catch {
		throw fault;
	}
}

function whole(request: SessionRequest): SessionRequest {
	return request.derive(options => {
		options.headers = Object.fromEntries(
			Object.entries(options.headers).filter(([name]) => !ownConditions.includes(name)),
		);
		options.retry = {...options.retry, limit: 0};
	});
}

/** Whether two responses may be the same; their bodies have the last word. */
function isSameHead(a: HttpResponse, b: HttpResponse): boolean {
	const [tagOfA, tagOfB] = [fieldValue(a.rawHeaders, 'etag'), fieldValue(b.rawHeaders, 'etag')];
	const isSameTag = tagOfA === undefined || tagOfB === undefined || tagOfA === tagOfB;
	return a.statusCode === b.statusCode && isSameTag;
}

/** @throws where the body does not begin with what was given, or is of another length */
async function* after(given: GivenBytes, size: number, body: BodyHandle): AsyncGenerator<Uint8Array> {
	const seen = new GivenBytes();
	let position = 0;
	for await (const piece of body.stream()) {
		const known = piece.subarray(0, given.size - seen.size);
		const isChecked = seen.size === given.size;
		seen.add(known);
		if (!isChecked && seen.size === given.size && !seen.equals(given)) {
			throw new Error('it begins in another way');
		}
		position += piece.byteLength;
		if (position > size) {
			throw new Error('it is longer');
		}
		if (known.byteLength < piece.byteLength) {
			yield piece.subarray(known.byteLength);
		}
	}
	if (position !== size) {
		throw new Error('it is shorter');
	}
}
