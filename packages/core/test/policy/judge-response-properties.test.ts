import {expect, it} from '@jest/globals';
import fc from 'fast-check';
import type {CacheSettings} from '../../src/policy/settings.js';
import {BYPASS, FETCH, FETCH_WITH_STANDBY, judgeIn, REVALIDATE, REVALIDATE_WITH_STANDBY} from './judge-case.js';
import {NOW, sampleStored, settingsOf, URL_OF_ALL} from './samples.js';

const judge = judgeIn({requestTime: NOW, responseTime: NOW + 30}, settingsOf);

it('never stores against a veto, readOnly or a bypass, whatever the response, and says the same again', () => {
	const fields = fc.array(
		fc.tuple(fc.constantFrom('Vary', 'ETag', 'Connection', 'Age', 'X-A'), fc.string({unit: 'binary'})),
	);
	const cases = fc.record({
		response: fc.record({
			statusCode: fc.constantFrom(200, 304, 404, 500, 503),
			rawHeaders: fields.map(pairs => pairs.flat()),
			bodySize: fc.nat(10),
		}),
		stored: fc.constantFrom(undefined, sampleStored()),
		plan: fc.constantFrom(FETCH, FETCH_WITH_STANDBY, REVALIDATE, REVALIDATE_WITH_STANDBY, BYPASS),
		settings: fc.record({
			expireAfter: fc.constantFrom<CacheSettings['expireAfter']>(undefined, 0, 60),
			readOnly: fc.boolean(),
			allowedCodes: fc.constantFrom([200], [200, 304, 503]),
			maxBodySize: fc.constantFrom(5, 100),
		}),
	});
	fc.assert(
		fc.property(cases, given => {
			const verdict = judge(given);
			expect(judge(given)).toEqual(verdict);
			if (verdict.kind === 'store') {
				const {response, plan, settings} = given;
				expect(settings.readOnly || settings.expireAfter === 0 || plan.kind === 'bypass').toBe(false);
				expect(settings.allowedCodes).toContain(response.statusCode);
				expect(response.statusCode).not.toBe(304);
				expect(response.bodySize).toBeLessThanOrEqual(settings.maxBodySize);
				expect(verdict.response.url).toBe(URL_OF_ALL);
			}
			if (verdict.kind === 'freshen') {
				expect(given.response.statusCode).toBe(304);
				expect(verdict.persist && given.settings.readOnly).toBe(false);
			}
		}),
		{numRuns: 1000},
	);
});
