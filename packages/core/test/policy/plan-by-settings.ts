import type {HttpRequest} from '../../src/http/request.js';
import type {StoredResponse} from '../../src/http/response.js';
import {type Plan, planRequest} from '../../src/policy/plan-request.js';
import type {CacheSettings, RequestSettings} from '../../src/policy/settings.js';
import {NOW, requestSettingsOf, sampleRequest, settingsOf} from './samples.js';

/** In milliseconds. */
export const SECOND = 1000;

/** The plan for a request, where the settings alone decide. */
export function plan(
	stored: StoredResponse | undefined,
	settings: CacheSettings = {},
	requestSettings: RequestSettings = {},
	request: Partial<HttpRequest> = {},
): Plan {
	return planRequest(sampleRequest(request), stored, settingsOf(settings), requestSettingsOf(requestSettings), NOW);
}
