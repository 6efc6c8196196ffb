import type {RawHeaders} from '../http/headers.js';
import {type ResponseFacts, responseFacts} from './response-facts.js';

/** A response with what its age is counted from. Times are epoch milliseconds. */
export interface AgedResponse {
	readonly rawHeaders: RawHeaders;
	/** When it was asked for. */
	readonly requestTime: number;
	/** When it arrived. */
	readonly responseTime: number;
}

/**
 * How old a response was when it arrived, in milliseconds: the larger of what `Date` and what `Age` say, the way to here included (RFC 9111 §4.2.3,
 * https://www.rfc-editor.org/rfc/rfc9111#section-4.2.3). `Date` is compared in whole seconds, as that is all it has.
 */
export function initialAge(response: Omit<AgedResponse, 'rawHeaders'>, facts: ResponseFacts): number {
	const {requestTime, responseTime} = response;
	const arrivedInSeconds = Math.floor(responseTime / 1000) * 1000;
	const apparentAge = facts.date === undefined ? 0 : Math.max(0, arrivedInSeconds - facts.date);
	const delay = Math.max(0, responseTime - requestTime);
	return Math.max(apparentAge, facts.age + delay);
}

/** How old a stored response is at `now` (epoch milliseconds), in milliseconds. A clock that went back makes nothing younger than it was. */
export function currentAge(response: AgedResponse, facts: ResponseFacts, now: number): number {
	return initialAge(response, facts) + Math.max(0, now - response.responseTime);
}

/**
 * The `Age` to give with a stored response, in whole seconds (RFC 9111 §5.1).
 *
 * @param now - Epoch milliseconds.
 */
export function ageInSeconds(response: AgedResponse, now: number): number {
	// What `Date` and `Age` say is the same to private and shared caches.
	return Math.floor(currentAge(response, responseFacts(response, false), now) / 1000);
}
