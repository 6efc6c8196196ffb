import type {Agent} from 'node:http';
import {describe, expect, it} from '@jest/globals';
import {Mixin} from 'ts-mixer';
import {startOrigin} from '../../../../test-support/origin-server.js';
import {CacheBackend, CacheMixin, ClientSession, onClose} from '../../src/index.js';
import {ClosableCache} from './closable-cache.js';
import {makeGate} from './gate.js';
import {isPending} from './is-pending.js';

/** Writes down what happens when it is closed. */
class FirstMixin {
	readonly log: string[] = [];

	@onClose
	async closeFirst(): Promise<void> {
		await Promise.resolve();
		this.log.push('first');
	}
}

class FailingMixin {
	declare readonly log: string[];

	@onClose
	closeBadly(): void {
		this.log.push('bad');
		throw new RangeError('bad close');
	}
}

class LastMixin {
	declare readonly log: string[];

	@onClose
	closeLast(): void {
		this.log.push('last');
	}
}

describe('methods marked with onClose', () => {
	it('are called in the order of the classes, after the last request', async () => {
		const gate = makeGate();
		await using origin = await startOrigin(() => gate.pass().then(() => 'late'));
		class Session extends Mixin(CacheMixin, FirstMixin, LastMixin, ClientSession) {}
		const session = new Session();
		const running = session.get(origin.url).then(() => session.log.push('request'));
		const closing = session.close();
		await isPending(closing);
		await gate.arrivals(1);
		gate.open();
		await Promise.all([running, closing]);
		expect(session.log).toEqual(['request', 'first', 'last']);
	});

	it('are all called even when one throws, and close() rejects with what it threw', async () => {
		const store = new ClosableCache();
		class Session extends Mixin(FirstMixin, FailingMixin, LastMixin, CacheMixin, ClientSession) {}
		const session = new Session({cache: new CacheBackend('x', {responses: store})});
		const agent = session.got.defaults.options.agent.http as Agent;
		let destroyed = 0;
		agent.destroy = () => void destroyed++;
		await expect(session.close()).rejects.toThrow(new RangeError('bad close'));
		expect(session.log).toEqual(['first', 'bad', 'last']);
		expect([store.closed, destroyed]).toEqual([1, 1]);
	});

	it('that throw together are told of together', async () => {
		class Session extends Mixin(FirstMixin, FailingMixin, ClientSession) {
			@onClose
			async closeToo(): Promise<void> {
				throw new Error('bad too');
			}
		}
		await expect(new Session().close()).rejects.toMatchObject({
			errors: [new Error('bad too'), new RangeError('bad close')],
		});
	});

	it('of a subclass replace what they override', async () => {
		class Session extends Mixin(FirstMixin, ClientSession) {
			override async closeFirst(): Promise<void> {
				this.log.push('overridden');
			}
		}
		const session = new Session();
		await session.close();
		expect(session.log).toEqual(['overridden']);
	});

	it('that were lost in the mix make close() reject, not throw', async () => {
		class OtherMixin {
			closeFirst(): void {}
		}
		const Broken = Mixin(FirstMixin, OtherMixin as new () => object, ClientSession);
		const session = new Broken();
		const closing = session.close();
		await expect(closing).rejects.toEqual(expect.objectContaining({code: 'ERR_INTERCEPTOR_CONFLICT'}));
	});
});
