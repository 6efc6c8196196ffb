import {afterEach, beforeEach, describe, expect, it, jest} from '@jest/globals';
import {UnderWay} from '../src/under-way.js';

describe('what is under way', () => {
	beforeEach(() => {
		jest.useFakeTimers();
	});

	afterEach(() => {
		jest.useRealTimers();
	});

	it('is noticed when it has not ended after ten seconds, beside others that end', () => {
		let stuck = 0;
		const underWay = new UnderWay(() => stuck++);
		const tick = underWay.enter();
		for (let second = 0; second < 9; second++) {
			const other = underWay.enter();
			jest.advanceTimersByTime(1000);
			underWay.leave(other);
		}
		expect(stuck).toBe(0);
		jest.advanceTimersByTime(1000);
		expect(stuck).toBe(1);
		underWay.leave(tick);
		jest.advanceTimersByTime(20_000);
		expect(stuck).toBe(1);
		expect(jest.getTimerCount()).toBe(0);
	});

	it('can be waited for', async () => {
		const underWay = new UnderWay(() => undefined);
		await underWay.whenIdle();
		const ticks = [underWay.enter(), underWay.enter()];
		let isIdle = false;
		const idle = underWay.whenIdle().then(() => {
			isIdle = true;
		});
		underWay.leave(ticks[0]!);
		await Promise.resolve();
		expect(isIdle).toBe(false);
		underWay.leave(ticks[1]!);
		await idle;
		underWay.stop();
		expect(jest.getTimerCount()).toBe(0);
	});
});
