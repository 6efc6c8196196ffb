import {describe, expect, it} from '@jest/globals';
import fc from 'fast-check';
import {judgeResponse, type Verdict} from '../../src/policy/judge-response.js';
import {planRequest} from '../../src/policy/plan-request.js';
import type {CacheSettings} from '../../src/policy/settings.js';
import type {Said} from './any-exchange.js';
import {asked, rawHeadersOf, requestOf, said, seconds, settings} from './any-exchange.js';
import {judge as judgeByRules} from './judge-by-rules.js';
import {NOW, requestSettingsOf, rfcSettingsOf, sampleRequest, sampleResponse} from './samples.js';

function judge(given: Said, cacheSettings: CacheSettings): Verdict {
	const response = {statusCode: given.statusCode, rawHeaders: rawHeadersOf(given)};
	return judgeByRules({response, settings: cacheSettings});
}

/** How long the response is fresh from its arrival on, in seconds, worked out from what it was made of. */
function freshFor({maxAge, sMaxage, age = 0}: Said, shared: boolean): number {
	return ((shared ? sMaxage : undefined) ?? maxAge ?? 0) - age;
}

function forbidsStale({flags, sMaxage}: Said, shared: boolean): boolean {
	return (
		flags.includes('no-cache') ||
		flags.includes('must-revalidate') ||
		(shared && (flags.includes('proxy-revalidate') || sMaxage !== undefined))
	);
}

const UNDERSTOOD = [200, 203, 206, 302, 404, 500, 503];

describe('whatever a response says', () => {
	it('it is not stored against its will', () => {
		fc.assert(
			fc.property(said, settings, (given, cacheSettings) => {
				const verdict = judge(given, cacheSettings);
				if (verdict.kind !== 'store') {
					expect(verdict.kind).toBe('skip');
					return;
				}
				const mustUnderstand = given.flags.includes('must-understand');
				expect(given.flags.includes('no-store') && !mustUnderstand).toBe(false);
				expect(mustUnderstand && !UNDERSTOOD.includes(given.statusCode)).toBe(false);
				expect(cacheSettings.shared && given.flags.includes('private')).toBe(false);
				expect(given.statusCode).not.toBe(206);
			}),
			{numRuns: 3000},
		);
	});

	it('it is not served stale, or against the wish of either side, unless a rule allows it', () => {
		fc.assert(
			fc.property(said, asked, settings, seconds, (given, wishes, cacheSettings, elapsed) => {
				const verdict = judge(given, cacheSettings);
				if (verdict.kind !== 'store') {
					return;
				}
				const now = NOW + elapsed * 1000;
				const shared = cacheSettings.shared;
				const made = planRequest(
					requestOf(wishes),
					verdict.response,
					rfcSettingsOf(cacheSettings),
					requestSettingsOf(),
					now,
				);
				const left = freshFor(given, shared) - elapsed;
				const isImmutable = given.flags.includes('immutable') && left > 0;
				if (['serve', 'notModified', 'servePartial', 'serveStale'].includes(made.kind)) {
					expect(given.flags).not.toContain('no-cache');
					expect(wishes.flags).not.toContain('no-cache');
					expect(wishes.maxAge !== undefined && !isImmutable && (given.age ?? 0) + elapsed > wishes.maxAge).toBe(false);
					expect(wishes.minFresh !== undefined && left < wishes.minFresh).toBe(false);
				}
				if (['serve', 'notModified', 'servePartial'].includes(made.kind)) {
					expect(left).toBeGreaterThan(0);
				}
				if (made.kind === 'serveStale') {
					expect(forbidsStale(given, shared)).toBe(false);
					const window = given.swr ?? cacheSettings.staleWhileRevalidate ?? 0;
					const lastResort = wishes.flags.includes('only-if-cached') ? (cacheSettings.staleIfError ?? 0) : 0;
					expect(-left < window || -left <= (wishes.maxStale ?? -1) || -left < lastResort).toBe(true);
				}
				if (wishes.flags.includes('only-if-cached')) {
					expect(['fetch', 'revalidate', 'complete', 'bypass']).not.toContain(made.kind);
				}
				if ('standby' in made && made.standby) {
					expect(forbidsStale(given, shared)).toBe(false);
				}
			}),
			{numRuns: 5000},
		);
	});

	it('the same is decided again, with nothing remembered', () => {
		fc.assert(
			fc.property(said, asked, settings, seconds, (given, wishes, cacheSettings, elapsed) => {
				const verdict = judge(given, cacheSettings);
				expect(judge(given, cacheSettings)).toEqual(verdict);
				if (verdict.kind === 'store') {
					const ask = (rawHeaders: readonly string[]) =>
						planRequest(
							requestOf(wishes),
							{...verdict.response, rawHeaders},
							rfcSettingsOf(cacheSettings),
							requestSettingsOf(),
							NOW + elapsed * 1000,
						);
					expect(ask([...verdict.response.rawHeaders])).toEqual(ask(verdict.response.rawHeaders));
				}
			}),
		);
	});
});

describe('whatever bytes come', () => {
	const names = fc.constantFrom(
		...['Cache-Control', 'CDN-Cache-Control', 'Expires', 'Date', 'Age', 'Last-Modified', 'ETag', 'Vary'],
		...['Content-Range', 'Content-Length', 'Content-Location', 'Location', 'Connection', 'Transfer-Encoding'],
	);
	const values = fc.oneof(
		fc.string({unit: 'binary'}),
		fc.constantFrom(
			'max-age=5',
			'bytes 0-4/10',
			'bytes 5-9/10',
			'"v1"',
			'W/"v1"',
			'*',
			'/a',
			'Sun, 06 Nov 1994 08:49:37 GMT',
		),
	);
	const fields = fc.array(fc.tuple(names, values)).map(pairs => pairs.flat());
	const headers = fc.dictionary(
		fc.constantFrom(
			'cache-control',
			'pragma',
			'range',
			'if-range',
			'if-none-match',
			'if-modified-since',
			'authorization',
		),
		values,
	);

	it('nothing throws, and every stored time is one', () => {
		fc.assert(
			fc.property(
				fields,
				fields,
				headers,
				fc.constantFrom('GET', 'HEAD', 'POST', 'PUT'),
				fc.constantFrom(200, 206, 302, 304, 404, 416, 503),
				settings,
				(first, second, requestHeaders, method, statusCode, cacheSettings) => {
					const effective = rfcSettingsOf({...cacheSettings, expireAfter: 5});
					const request = sampleRequest({method, headers: {...requestHeaders}});
					const exchange = {requestTime: NOW, responseTime: NOW + 1};
					const own = requestSettingsOf();
					const answer = (rawHeaders: string[], status: number, stored?: Parameters<typeof planRequest>[1]) => {
						const plan = planRequest(request, stored, effective, own, NOW + 2);
						return judgeResponse(
							request,
							sampleResponse({rawHeaders, statusCode: status}),
							exchange,
							stored,
							plan,
							effective,
							own,
						);
					};
					for (const status of [200, 206]) {
						const verdict = answer(first, status);
						const stored = verdict.kind === 'store' ? verdict.response : undefined;
						const next = answer(second, statusCode, stored);
						for (const made of [verdict, next]) {
							if ('response' in made) {
								const {expires, keepUntil} = made.response;
								expect(expires === undefined || Number.isFinite(expires)).toBe(true);
								expect(keepUntil === undefined || Number.isFinite(keepUntil)).toBe(true);
								expect(made.response.rawHeaders.length % 2).toBe(0);
							}
						}
					}
				},
			),
			{numRuns: 3000},
		);
	});
});
