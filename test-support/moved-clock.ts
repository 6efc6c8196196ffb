import {jest} from '@jest/globals';

/** Stands in for the wall clock. */
export interface MovedClock extends Disposable {
	/** Lets time pass, in seconds, without waiting for it. */
	advance(seconds: number): void;
}

/** Puts `Date.now()` into the hands of a test. Timers go on as usual. */
export function moveClock(): MovedClock {
	let now = Date.now();
	const spy = jest.spyOn(Date, 'now').mockImplementation(() => now);
	return {
		advance(seconds) {
			now += seconds * 1000;
		},
		[Symbol.dispose]: () => spy.mockRestore(),
	};
}
