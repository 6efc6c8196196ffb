import {CachedSessionError, CacheFaultError} from '../../errors.js';
import {type Awaitable, isPromise} from '../../storage/awaitable.js';

/** What an operation of a store answers, if it does so in time. @throws CacheFaultError with `ERR_CACHE_TIMEOUT` as the code of its cause, where it does not; the operation goes on */
export function withDeadline<T>(operation: string, answer: Awaitable<T>, milliseconds: number): Awaitable<T> {
	if (!isPromise(answer)) {
		return answer;
	}
	return new Promise((resolve, reject) => {
		const timer = setTimeout(() => {
			const message = `no answer within ${milliseconds} ms`;
			reject(new CacheFaultError(operation, new CachedSessionError('ERR_CACHE_TIMEOUT', message)));
		}, milliseconds);
		answer.then(
			value => {
				clearTimeout(timer);
				resolve(value);
			},
			(error: unknown) => {
				clearTimeout(timer);
				reject(error);
			},
		);
	});
}
