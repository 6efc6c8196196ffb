import {type AgedResponse, initialAge} from './age.js';
import type {ResponseFacts} from './response-facts.js';

/** How long a response is fresh, and who says so. */
export interface Freshness {
	/** Counted from the response's making, so that its age when it arrived is part of it; 0 or less: stale at once. */
	readonly milliseconds: number;
	/** `none`: nobody. */
	readonly basis: 'sMaxage' | 'maxAge' | 'expires' | 'heuristic' | 'none';
}

/** The part of the time since a response was last modified for which it may be guessed to stay as it is (RFC 9111 §4.2.2). */
const HEURISTIC_FRACTION = 0.1;

/** No guess goes further: what was last modified in 1970, as some servers say of everything, would stay for years. A week, as in Firefox. */
export const MAX_HEURISTIC = 7 * 24 * 3_600_000;

/** Statuses whose responses may be fresh by a guess (RFC 9110 §15.1). */
const HEURISTIC_STATUSES: ReadonlySet<number> = new Set([200, 203, 204, 206, 300, 301, 308, 404, 405, 410, 414, 501]);

const NONE: Freshness = Object.freeze({milliseconds: 0, basis: 'none'});

/**
 * How long a response is fresh by its own fields: explicitly, or by a guess from `Last-Modified` where the status or `public` allows one
 * (RFC 9111 §4.2.1 and §4.2.2, https://www.rfc-editor.org/rfc/rfc9111#section-4.2.1).
 *
 * @param responseTime - When it arrived, in epoch milliseconds; stands in for `Date`.
 */
export function freshnessOf(statusCode: number, facts: ResponseFacts, responseTime: number): Freshness {
	if (facts.explicit) {
		return facts.explicit;
	}
	if (facts.lastModified === undefined || !allowsHeuristic(statusCode, facts)) {
		return NONE;
	}
	const unchangedFor = (facts.date ?? responseTime) - facts.lastModified;
	const milliseconds = Math.min(unchangedFor * HEURISTIC_FRACTION, MAX_HEURISTIC);
	return milliseconds > 0 ? {milliseconds, basis: 'heuristic'} : NONE;
}

/** Whether a response may be fresh without saying so (RFC 9111 §4.2.2). */
export function allowsHeuristic(statusCode: number, {directives}: ResponseFacts): boolean {
	return HEURISTIC_STATUSES.has(statusCode) || directives.isPublic;
}

/** When a response stops being fresh, in whole epoch milliseconds. One that demands that the server is asked before each use never is. */
export function staleFrom(
	response: Omit<AgedResponse, 'rawHeaders'>,
	facts: ResponseFacts,
	freshness: Freshness,
): number {
	const end = Math.floor(response.responseTime + freshness.milliseconds - initialAge(response, facts));
	return facts.directives.noCache ? Math.min(end, response.responseTime) : end;
}
