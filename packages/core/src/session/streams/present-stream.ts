import {HTTPError, isResponseOk, type PlainResponse} from 'got';
import type {CachedResponse} from '../cached-response.js';
import {decodeText} from '../got/decode-text.js';
import {addFacts, isUntouched} from '../present-response.js';
import type {SessionRequest} from '../session-request.js';
import type {SessionResponse} from '../session-response.js';
import {StoredMessage} from '../stored-message.js';

/**
 * The head that the listeners of a stream get for a response: got's own object where nobody changed anything, otherwise one of the same shape.
 * @throws got's `HTTPError`, with the body, as its options demand
 */
export async function presentHead(response: SessionResponse, request: SessionRequest): Promise<CachedResponse> {
	const {native} = response;
	// The body is the stream's: whoever kept or replaced it did not change the head.
	if (native && isUntouched({...response, body: native.described.body}, native.described)) {
		if (!native.error) {
			addFacts(native.response, response);
			return native.response as CachedResponse;
		}
		if (response.body === native.described.body) {
			addFacts(native.response, response);
			throw native.error;
		}
	}
	const message = new StoredMessage(response, undefined, request);
	const head = message as unknown as CachedResponse;
	message.ok = isResponseOk(head);
	if (!message.ok && request.options.throwHttpErrors) {
		const withBody = new StoredMessage(response, await response.body.bytes(), request);
		withBody.ok = false;
		withBody.body = decodeText(withBody.rawBody!, undefined);
		throw new HTTPError(withBody as unknown as PlainResponse);
	}
	return head;
}
