import type {HttpRequest} from '../http/request.js';
import type {StoredResponse} from '../http/response.js';
import type {AnswerPlan} from './plan.js';
import {allowsRange, answerConditions} from './preconditions.js';
import {contentRangeOf, rangeOfPart, rangeOfWhole, requestedRange} from './ranges.js';

/**
 * What a usable stored response has to say to a request that may have conditions and a range of its own: all of it (`'whole'`), an answer made from it,
 * or nothing (`'none'`): the range, or the part that is stored, does not fit. Conditions come first (RFC 9110 §13.2.2,
 * https://www.rfc-editor.org/rfc/rfc9110#section-13.2.2), and neither counts for what is no success.
 */
export function answerFromStored(request: HttpRequest, stored: StoredResponse): AnswerPlan | 'whole' | 'none' {
	const isPart = stored.statusCode === 206;
	if (stored.statusCode < 200 || stored.statusCode > 299) {
		return 'whole';
	}
	const notModified = answerConditions(request, stored);
	if (notModified) {
		return notModified;
	}
	const range = requestedRange(request);
	if (range === undefined || !allowsRange(request, stored)) {
		return isPart ? 'none' : 'whole';
	}
	if (stored.statusCode !== 200 && !isPart) {
		return 'whole';
	}
	const part = isPart ? contentRangeOf(stored) : undefined;
	// A range counts the bytes that were sent, and a decoded body has others.
	if (range === 'unknown' || stored.decoded || (isPart && !part)) {
		return 'none';
	}
	const found = part ? rangeOfPart(range, part, stored.bodySize) : rangeOfWhole(range, stored.bodySize);
	if (found === undefined) {
		return 'none';
	}
	return 'unsatisfiable' in found
		? {kind: 'rangeNotSatisfiable', total: found.unsatisfiable, reason: 'rangeBeyondEnd'}
		: {kind: 'servePartial', part: found, reason: 'rangeStored'};
}
