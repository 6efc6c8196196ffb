import {setImmediate as turn} from 'node:timers/promises';
import {describe, expect, it} from '@jest/globals';
import {CachedSessionError} from '../../src/errors.js';
import {OperationGate} from '../../src/storage/operation-gate.js';

describe('a gate for operations', () => {
	it('closes when what is under way has ended, and lets nothing pass from then on', async () => {
		const gate = new OperationGate('The place');
		let isDone = false;
		const running = gate.run(async () => {
			await turn();
			isDone = true;
		});
		const closing = gate.close();
		await expect(gate.run(async () => 1)).rejects.toMatchObject({
			code: 'ERR_CACHE_CLOSED',
			message: 'The place is closed',
		});
		await Promise.all([closing, gate.close()]);
		expect(isDone).toBe(true);
		await running;
		await gate.close();
	});

	it('closes while an operation fails, and when nothing was ever asked', async () => {
		const gate = new OperationGate('The place');
		const failing = gate.run(async () => {
			await turn();
			throw new Error('broken');
		});
		const closing = gate.close();
		await expect(failing).rejects.toMatchObject({code: 'ERR_CACHE_FAULT', message: 'The place: broken'});
		await closing;
		await new OperationGate('Another').close();
	});

	it('leaves errors of the library as they are', async () => {
		const error = new CachedSessionError('ERR_CACHE_CLOSED', 'closed elsewhere');
		await expect(
			new OperationGate('The place').run(async () => {
				throw error;
			}),
		).rejects.toBe(error);
	});
});
