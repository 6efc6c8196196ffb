import type {HttpRequest} from '../http/request.js';
import type {StoredResponse} from '../http/response.js';
import type {EffectiveRequestSettings, EffectiveSettings} from './effective-settings.js';
import type {Plan} from './plan.js';
import type {ReceivedResponse} from './storability.js';
import type {Exchange} from './verdict.js';

/** An answer with all that must be known to judge it. */
export interface GivenAnswer {
	/** The request that it answers. */
	readonly request: HttpRequest;
	readonly response: ReceivedResponse;
	readonly exchange: Exchange;
	/** What the plan was made with. */
	readonly stored: StoredResponse | undefined;
	/** The plan under which the request was sent. */
	readonly plan: Plan;
	readonly settings: EffectiveSettings;
	readonly requestSettings: EffectiveRequestSettings;
}
