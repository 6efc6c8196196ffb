import {Mixin} from 'ts-mixer';
import {
	BytesBody,
	type CachedSessionOptions,
	CacheMixin,
	ClientSession,
	type Interceptor,
	interceptor,
	type Next,
	type SessionRequest,
	type SessionResponse,
} from '../../src/index.js';

/** What an interceptor does. */
export type Step = Interceptor;

/** A session with one interceptor, before the cache or behind it. */
export function makeSession(place: 'before' | 'behind', step: Step, options: CachedSessionOptions = {}) {
	class StepMixin {
		@interceptor
		async step(request: SessionRequest, next: Next): Promise<SessionResponse> {
			return step(request, next);
		}
	}
	class Before extends Mixin(StepMixin, CacheMixin, ClientSession) {}
	class Behind extends Mixin(CacheMixin, StepMixin, ClientSession) {}
	return place === 'before' ? new Before(options) : new Behind(options);
}

/** A body of this text. */
export function bytes(text: string): BytesBody {
	return new BytesBody(Buffer.from(text));
}

/** Where an interceptor may stand. */
export const PLACES = ['before', 'behind'] as const;
