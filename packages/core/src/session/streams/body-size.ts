import {fieldValue} from '../../http/headers.js';
import {BytesBody} from '../../storage/bytes-body.js';
import type {SessionRequest} from '../session-request.js';
import type {SessionResponse} from '../session-response.js';

/** Statuses whose responses have no body on the wire, whatever their fields say. */
const bodiless: ReadonlySet<number> = new Set([204, 304]);

/** How long a body is that is stored as it came. Of one that is on its way it is what the response says; 0 where it does not, or where got undoes a coding. */
export async function bodySizeOf(response: SessionResponse, request: SessionRequest): Promise<number> {
	const {body, statusCode, rawHeaders, transmission} = response;
	const isBodiless = bodiless.has(statusCode) || request.options.method === 'HEAD';
	if (!request.isStream || isBodiless || body instanceof BytesBody) {
		return (await body.bytes()).byteLength;
	}
	const length = fieldValue(rawHeaders, 'content-length');
	return !transmission?.decoded && length !== undefined && /^\d+$/.test(length) ? Number(length) : 0;
}
