import type {EffectiveSettings} from './effective-settings.js';
import type {RequestDirectives} from './request-directives.js';
import type {ResponseFacts} from './response-facts.js';

/** For how long after it went stale a response may be served in each case: milliseconds, 0 for never, `Infinity` for always. */
export type StaleWindows = Pick<EffectiveSettings, 'staleIfError' | 'staleWhileRevalidate'>;

const NO_WINDOWS: StaleWindows = Object.freeze({staleIfError: 0, staleWhileRevalidate: 0});

/**
 * The windows that hold for a stored response: the request's, else the response's (RFC 5861 §3 and §4), else those of the settings.
 * None at all where the response forbids stale use (RFC 9111 §4.2.4, https://www.rfc-editor.org/rfc/rfc9111#section-4.2.4).
 */
export function staleWindows(facts: ResponseFacts, said: RequestDirectives, settings: EffectiveSettings): StaleWindows {
	if (facts.forbidsStale) {
		return NO_WINDOWS;
	}
	const {directives} = facts;
	return {
		staleIfError: inMilliseconds(said.staleIfError ?? directives.staleIfError) ?? settings.staleIfError,
		staleWhileRevalidate: inMilliseconds(directives.staleWhileRevalidate) ?? settings.staleWhileRevalidate,
	};
}

function inMilliseconds(seconds: number | undefined): number | undefined {
	return seconds === undefined ? undefined : seconds * 1000;
}
