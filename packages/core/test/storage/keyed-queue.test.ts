import {setImmediate as turn} from 'node:timers/promises';
import {describe, expect, it} from '@jest/globals';
import {KeyedQueue} from '../../src/storage/keyed-queue.js';

describe('a queue by keys', () => {
	it('runs what has one key one after the other, and the rest beside it', async () => {
		const queue = new KeyedQueue();
		const steps: string[] = [];
		const task = (name: string) => async () => {
			steps.push(`${name} begins`);
			await turn();
			steps.push(`${name} ends`);
			return name;
		};
		const results = [queue.run('a', task('a1')), queue.run('a', task('a2')), queue.run('b', task('b1'))];
		expect(await Promise.all(results)).toEqual(['a1', 'a2', 'b1']);
		expect(steps.indexOf('a2 begins')).toBeGreaterThan(steps.indexOf('a1 ends'));
		expect(steps.indexOf('b1 begins')).toBeLessThan(steps.indexOf('a1 ends'));
	});

	it('goes on after a task that fails, and tells only its caller', async () => {
		const queue = new KeyedQueue();
		const failing = queue.run('a', async () => {
			throw new Error('failed');
		});
		const next = queue.run('a', async () => 'next');
		await expect(failing).rejects.toThrow('failed');
		expect(await next).toBe('next');
	});
});
