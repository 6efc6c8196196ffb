import {describe, expect, it} from '@jest/globals';
import {retryWhileBusy} from '../src/retry-while-busy.js';

const busy = () => Object.assign(new Error('locked'), {code: 'SQLITE_BUSY'});

describe('retryWhileBusy', () => {
	it('tries until the lock is free', async () => {
		let attempts = 0;
		const attempt = async () => {
			attempts++;
			if (attempts < 4) {
				throw busy();
			}
			return attempts;
		};
		expect(await retryWhileBusy(attempt, performance.now() + 5000)).toBe(4);
	});

	it('passes another error on at once', async () => {
		let attempts = 0;
		const attempt = async () => {
			attempts++;
			throw new Error('full');
		};
		await expect(retryWhileBusy(attempt, performance.now() + 5000)).rejects.toThrow('full');
		expect(attempts).toBe(1);
	});

	it('tries once when the time is over already', async () => {
		let attempts = 0;
		const attempt = async () => {
			attempts++;
			throw busy();
		};
		await expect(retryWhileBusy(attempt, performance.now())).rejects.toThrow('locked');
		expect(attempts).toBe(1);
	});
});
