import type {HttpRequest} from '../../src/http/request.js';
import type {StoredResponse} from '../../src/http/response.js';
import type {EffectiveSettings} from '../../src/policy/effective-settings.js';
import {judgeResponse, type ReceivedResponse, type Verdict} from '../../src/policy/judge-response.js';
import type {Plan} from '../../src/policy/plan-request.js';
import type {CacheSettings, RequestSettings} from '../../src/policy/settings.js';
import type {Exchange} from '../../src/policy/verdict.js';
import {ETAG, requestSettingsOf, sampleRequest, sampleResponse} from './samples.js';

/** The plan of a request for which nothing is stored. */
export const FETCH: Plan = {kind: 'fetch', standby: false, reason: 'nothingStored'};

/** The same, while what is stored stands by. */
export const FETCH_WITH_STANDBY: Plan = {kind: 'fetch', standby: true, reason: 'expired'};

/** The plan of a request for which something stale is stored. */
export const REVALIDATE = {
	kind: 'revalidate',
	conditions: {'if-none-match': ETAG},
	standby: false,
	reason: 'expired',
} as const satisfies Plan;

/** The same, while what is stored stands by. */
export const REVALIDATE_WITH_STANDBY: Plan = {...REVALIDATE, standby: true};

/** The plan of a request that has conditions of its own. */
export const BYPASS: Plan = {kind: 'bypass', reason: 'ownConditions'};

/** What is judged, where it differs from the samples. */
export interface JudgeCase {
	readonly response?: Partial<ReceivedResponse>;
	readonly stored?: StoredResponse | undefined;
	readonly plan?: Plan;
	readonly settings?: CacheSettings;
	readonly requestSettings?: RequestSettings;
	readonly request?: Partial<HttpRequest>;
}

/** A function that judges cases of one exchange, by settings with the defaults of a mode. */
export function judgeIn(exchange: Exchange, settingsOf: (settings?: CacheSettings) => EffectiveSettings) {
	return ({response, stored, plan = FETCH, settings, requestSettings, request}: JudgeCase): Verdict =>
		judgeResponse(
			sampleRequest(request),
			sampleResponse(response),
			exchange,
			stored,
			plan,
			settingsOf(settings),
			requestSettingsOf(requestSettings),
		);
}
