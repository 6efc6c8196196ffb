// The mixin example of README.md, in plain JavaScript: what the cache answers never waits for the rate limiter.
import assert from 'node:assert/strict';
import {setTimeout as sleep} from 'node:timers/promises';
import {CacheMixin, ClientSession, interceptor} from 'got-client-cache';
import {Mixin} from 'ts-mixer';
import {startOrigin} from './origin.mjs';

class RateLimitMixin {
	// Without decorators, a method is marked by a call.
	static {
		interceptor(RateLimitMixin.prototype.limitRate);
	}

	sent = 0;
	nextSlot = 0;

	async limitRate(request, next) {
		const now = Date.now();
		const slot = Math.max(now, this.nextSlot);
		this.nextSlot = slot + 200;
		this.sent++;
		await sleep(slot - now);
		return next(request);
	}
}

class CustomSession extends Mixin(CacheMixin, RateLimitMixin, ClientSession) {}

const origin = await startOrigin();
const session = new CustomSession({expireAfter: 60});

try {
	for (let i = 0; i < 10; i++) {
		await session.get(`${origin.url}/a`);
	}
	assert.equal(session.sent, 1, 'nine hits pass the limiter by');

	const begin = performance.now();
	await session.get(`${origin.url}/b`);
	await session.get(`${origin.url}/c`);
	const milliseconds = performance.now() - begin;
	assert.equal(session.sent, 3, 'every miss passes through it');
	assert.ok(milliseconds > 190, `the second miss waits for its slot, but took ${milliseconds} ms`);
	assert.equal(origin.requests, 3);
	console.log(`12 requests, ${session.sent} through the rate limiter`);
} finally {
	await session.close();
	await origin.close();
}
