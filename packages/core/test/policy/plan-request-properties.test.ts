import {describe, expect, it} from '@jest/globals';
import fc from 'fast-check';
import type {CacheSettings, RequestSettings} from '../../src/policy/settings.js';
import {plan, SECOND} from './plan-by-settings.js';
import {ETAG, NOW, sampleStored, settingsOf} from './samples.js';

describe('for any settings, stored response and time', () => {
	const times = fc.integer({min: -100, max: 100}).map(offset => NOW + offset);
	const windows = fc.oneof(
		fc.boolean(),
		fc.integer({min: 0, max: 100}).map(milliseconds => milliseconds / SECOND),
	);
	const optional = <T>(value: fc.Arbitrary<T>) => fc.option(value, {nil: undefined});
	const anyCase = fc.record({
		stored: optional(
			fc
				.record({expires: optional(times), responseTime: times, validator: fc.boolean()})
				.map(({validator, ...facts}) => sampleStored({...facts, rawHeaders: validator ? ['ETag', ETAG] : []})),
		),
		settings: fc.record({
			staleIfError: windows,
			staleWhileRevalidate: windows,
			alwaysRevalidate: fc.boolean(),
			onlyIfCached: fc.boolean(),
			readOnly: fc.boolean(),
			expireAfter: fc.constantFrom<CacheSettings['expireAfter']>(undefined, 0, 60, 'immediately'),
		}),
		requestSettings: fc.record({
			refresh: fc.boolean(),
			forceRefresh: fc.boolean(),
			onlyIfCached: optional(fc.boolean()),
			cache: fc.constantFrom<RequestSettings['cache']>(undefined, undefined, false),
			expireAfter: fc.constantFrom<RequestSettings['expireAfter']>(undefined, undefined, 0.05, -1, 'immediately'),
		}),
		method: fc.constantFrom('GET', 'GET', 'GET', 'POST'),
	});

	it('serves nothing stale unless a setting allows it, and sends nothing under onlyIfCached', () => {
		fc.assert(
			fc.property(anyCase, ({stored, settings, requestSettings, method}) => {
				const made = plan(stored, settings, requestSettings, {method});
				const onlyIfCached = requestSettings.onlyIfCached ?? settings.onlyIfCached;
				const {staleIfError, staleWhileRevalidate} = settingsOf(settings);
				const staleFor = stored?.expires === undefined ? Number.NEGATIVE_INFINITY : NOW - stored.expires;
				if (made.kind === 'serve') {
					expect(stored).toBeDefined();
					expect(staleFor).toBeLessThan(0);
				}
				if (made.kind === 'serve' || made.kind === 'serveStale') {
					expect(requestSettings.refresh || requestSettings.forceRefresh || settings.alwaysRevalidate).toBe(false);
					expect(requestSettings.cache).toBeUndefined();
					expect(settings.expireAfter).not.toBe(0);
				}
				if (made.kind === 'serveStale') {
					expect(staleFor).toBeLessThan(Math.max(staleWhileRevalidate, onlyIfCached ? staleIfError : 0));
				}
				if ('standby' in made && made.standby) {
					expect(staleFor).toBeLessThan(staleIfError);
					expect(staleIfError).toBeGreaterThan(0);
				}
				if (onlyIfCached) {
					expect(['serve', 'serveStale', 'unsatisfiable']).toContain(made.kind);
					expect(made).not.toHaveProperty('refresh', true);
				} else {
					expect(made.kind).not.toBe('unsatisfiable');
				}
			}),
			{numRuns: 2000},
		);
	});

	it('says the same when asked again', () => {
		fc.assert(
			fc.property(anyCase, ({stored, settings, requestSettings, method}) => {
				const ask = () => plan(stored, settings, requestSettings, {method});
				expect(ask()).toEqual(ask());
			}),
		);
	});
});
