import {interceptor, type Next, type SessionRequest, type SessionResponse} from '../../src/index.js';

/** Steps taken, in order; emptied by every test that looks at them. */
export const steps: string[] = [];

/** The steps since the last time. */
export function stepsOf(): string[] {
	return steps.splice(0);
}

/** A mixin with one interceptor. */
export class FirstMixin {
	@interceptor
	async first(request: SessionRequest, next: Next): Promise<SessionResponse> {
		steps.push('first');
		const response = await next(request);
		steps.push('first back');
		return response;
	}
}

/** Another one. */
export class SecondMixin {
	@interceptor
	async second(request: SessionRequest, next: Next): Promise<SessionResponse> {
		steps.push('second');
		const response = await next(request);
		steps.push('second back');
		return response;
	}
}

/** The steps of both, the first one outside. */
export const ALL_STEPS = ['first', 'second', 'second back', 'first back'];
