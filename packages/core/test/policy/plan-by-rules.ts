import type {RequestHeaders} from '../../src/http/headers.js';
import type {StoredResponse} from '../../src/http/response.js';
import type {Plan} from '../../src/policy/plan.js';
import {planRequest} from '../../src/policy/plan-request.js';
import type {CacheSettings, RequestSettings} from '../../src/policy/settings.js';
import {cacheControl, ETAG, NOW, requestSettingsOf, rfcSettingsOf, rfcStored, sampleRequest} from './samples.js';

/** What is asked, and of what is stored. */
export interface PlanCase {
	readonly stored?: StoredResponse | undefined;
	readonly headers?: RequestHeaders;
	readonly method?: string;
	readonly settings?: CacheSettings;
	readonly requestSettings?: RequestSettings;
	readonly now?: number;
}

/** The plan for a case, as RFC 9111 says. */
export function plan({stored, headers = {}, method = 'GET', settings, requestSettings, now = NOW}: PlanCase): Plan {
	const request = sampleRequest({method, headers});
	return planRequest(request, stored, rfcSettingsOf(settings), requestSettingsOf(requestSettings), now);
}

/** Raw fields with this `Cache-Control` and an `ETag`. */
export const tagged = (value: string) => cacheControl(value, 'ETag', ETAG);

/** The fields of a request with this `Cache-Control`. */
export const asks = (value: string): RequestHeaders => ({'cache-control': value});

/** Plans, as they are expected. */
export const fresh = {kind: 'serve', reason: 'fresh'};
export const revalidate = (reason: string, standby = false) => ({
	kind: 'revalidate',
	conditions: {'if-none-match': ETAG},
	standby,
	reason,
});
export const fetch = (reason: string, standby = false) => ({kind: 'fetch', standby, reason});
export const serveStale = (reason: string, refresh = false) => ({kind: 'serveStale', refresh, reason});
export const unsatisfiable = {kind: 'unsatisfiable', reason: 'onlyIfCached'};

/** All were received a minute ago. */
export const FRESH = rfcStored(tagged('max-age=100'));
export const STALE = rfcStored(tagged('max-age=50'));
export const NO_CACHE = rfcStored(tagged('max-age=100, no-cache'));
