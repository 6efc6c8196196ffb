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

	it('releases what was used once, when what is under way has ended, and is closed when that is done', async () => {
		const gate = new OperationGate('The place');
		const steps: string[] = [];
		const running = gate.run(async () => {
			await turn();
			steps.push('operation');
		});
		const release = (name: string) => async () => {
			steps.push(name);
			await turn();
			steps.push('released');
		};
		await Promise.all([gate.close(release('first')), gate.close(release('second'))]);
		expect(steps).toEqual(['operation', 'first', 'released']);
		await running;
	});

	it('tells of what an operation failed with as its owner wants it told', async () => {
		const gate = new OperationGate(
			'The place',
			cause => new CachedSessionError('ERR_CACHE_FAULT', `Elsewhere: ${(cause as Error).message}`, {cause}),
		);
		const error = new CachedSessionError('ERR_MISSING_PACKAGE', 'no driver');
		const failing = gate.run(async () => {
			throw error;
		});
		await expect(failing).rejects.toMatchObject({
			code: 'ERR_CACHE_FAULT',
			message: 'Elsewhere: no driver',
			cause: error,
		});
		await gate.close();
		await expect(gate.run(async () => 1)).rejects.toMatchObject({
			code: 'ERR_CACHE_CLOSED',
			message: 'The place is closed',
		});
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
