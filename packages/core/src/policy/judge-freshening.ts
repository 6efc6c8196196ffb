/** Answers that say of what is stored whether it still holds: a 304, and a 200 to `HEAD`. */
import {listedTags, matchesWeakly} from '../http/entity-tag.js';
import {fieldLines, fieldValue, requestHeader, withoutFields} from '../http/headers.js';
import type {StoredResponse} from '../http/response.js';
import {answerFromStored} from './answer.js';
import type {GivenAnswer} from './given-answer.js';
import {lifeOf} from './life.js';
import type {FetchPlan, RevalidatePlan} from './plan.js';
import {responseFacts} from './response-facts.js';
import {obstacleByRules} from './storing-rules.js';
import {freshenedFields, hasOwnConditions, speaksOfStored} from './validation.js';
import {varyFields} from './vary.js';
import type {EvictVerdict, FreshenVerdict, RefetchVerdict, SkipVerdict} from './verdict.js';

/** What to do with a 304 (RFC 9111 §4.3.3 and §4.3.4, https://www.rfc-editor.org/rfc/rfc9111#section-4.3.3). */
export function judgeNotModified(given: GivenAnswer): FreshenVerdict | RefetchVerdict | EvictVerdict | SkipVerdict {
	const {request, response, stored, plan, settings} = given;
	if (!stored || plan.kind !== 'revalidate') {
		const isForCaller = settings.cacheControl && hasOwnConditions(request);
		return {kind: 'skip', reason: isForCaller ? 'notModifiedForCaller' : 'unexpectedNotModified'};
	}
	switch (settings.cacheControl ? whoseNotModified(given, stored) : 'stored') {
		case 'caller':
			return {kind: settings.readOnly ? 'skip' : 'evict', reason: 'notModifiedForCaller'};
		case 'unknown':
			return refetch(plan);
		default:
			return speaksOfStored(response, stored) ? freshen(given, stored, 'notModified') : refetch(plan);
	}
}

/**
 * What to do with a 200 to `HEAD` while a `GET` is stored: it says whether that is up to date, and if so brings its fields
 * (RFC 9111 §4.3.5, https://www.rfc-editor.org/rfc/rfc9111#section-4.3.5). `undefined`: it is not about that.
 */
export function judgeHead(given: GivenAnswer): FreshenVerdict | EvictVerdict | undefined {
	const {request, response, stored, plan, settings} = given;
	const isAsked = request.method === 'HEAD' && (plan.kind === 'revalidate' || plan.kind === 'fetch');
	const isAboutStored = response.statusCode === 200 && stored?.method === 'GET' && stored.statusCode === 200;
	if (!isAsked || !isAboutStored || settings.readOnly) {
		return undefined;
	}
	return isSameByHead(given, stored) ? freshen(given, stored, 'headMatches') : {kind: 'evict', reason: 'headDiffers'};
}

/** The stored response with the fields of the answer, and what becomes of it. */
function freshen(given: GivenAnswer, stored: StoredResponse, reason: FreshenVerdict['reason']): FreshenVerdict {
	const {request, response, exchange, settings, requestSettings} = given;
	const {requestTime, responseTime} = exchange;
	const rawHeaders = renewedFields(given, stored);
	const {statusCode} = stored;
	const life = lifeOf(request, {statusCode, rawHeaders}, exchange, settings, requestSettings);
	const renewed: StoredResponse = {...stored, requestTime, responseTime, ...life, rawHeaders};
	const variesByAll = varyFields(response.rawHeaders) === '*';
	const verdict = {kind: 'freshen', response: renewed, persist: !settings.readOnly && !variesByAll, reason} as const;
	if (!settings.cacheControl) {
		return verdict;
	}
	const facts = responseFacts(renewed, settings.shared);
	const mustGo =
		variesByAll || obstacleByRules(request, {statusCode, rawHeaders}, facts, settings, requestSettings) !== undefined;
	const answer = answerFromStored(request, renewed);
	return {
		...verdict,
		persist: verdict.persist && !mustGo,
		...(mustGo && !settings.readOnly && {evict: true}),
		// A range that is not understood is answered with the whole, as every server may (RFC 9110 §14.2).
		...(typeof answer === 'object' && {answer}),
	};
}

function renewedFields({response, exchange, settings}: GivenAnswer, stored: StoredResponse): string[] {
	const {responseTime} = exchange;
	if (!settings.cacheControl) {
		return freshenedFields(stored, response, responseTime);
	}
	const {unstorableFields} = responseFacts({rawHeaders: response.rawHeaders, responseTime}, settings.shared);
	const fields = freshenedFields(stored, response, responseTime, unstorableFields);
	return unstorableFields.length === 0 ? fields : withoutFields(fields, new Set(unstorableFields));
}

/** Whose version a 304 means, when the tags of the caller were sent together with the stored one. */
function whoseNotModified({request, response}: GivenAnswer, stored: StoredResponse): 'stored' | 'caller' | 'unknown' {
	const listed = requestHeader(request.headers, 'if-none-match');
	if (listed === undefined) {
		return 'stored';
	}
	const tags = listedTags(listed);
	const own = fieldValue(stored.rawHeaders, 'etag');
	const current = fieldValue(response.rawHeaders, 'etag');
	const others = tags === '*' || own === undefined ? [] : tags.filter(tag => !matchesWeakly(tag, own));
	if (current === undefined) {
		return others.length === 0 ? 'stored' : 'unknown';
	}
	return others.some(tag => matchesWeakly(tag, current)) ? 'caller' : 'stored';
}

function refetch({standby, reason}: RevalidatePlan): RefetchVerdict {
	const plan: FetchPlan = {kind: 'fetch', standby, reason};
	return {kind: 'refetch', plan, reason: 'etagMismatch'};
}

/** Whether what a `HEAD` says of version and length is true of the stored response. */
function isSameByHead({response}: GivenAnswer, stored: StoredResponse): boolean {
	const [etag] = fieldLines(response.rawHeaders, 'etag');
	const [knownTag] = fieldLines(stored.rawHeaders, 'etag');
	if (etag !== undefined && (knownTag === undefined || !matchesWeakly(etag, knownTag))) {
		return false;
	}
	const [modified] = fieldLines(response.rawHeaders, 'last-modified');
	if (modified !== undefined && modified !== fieldLines(stored.rawHeaders, 'last-modified')[0]) {
		return false;
	}
	const length = fieldValue(response.rawHeaders, 'content-length');
	return length === undefined || stored.decoded || length === String(stored.bodySize);
}
