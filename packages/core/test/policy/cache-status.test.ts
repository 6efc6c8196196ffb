import {describe, expect, it} from '@jest/globals';
import fc from 'fast-check';
import {parseDictionary} from '../../src/http/structured-dictionary.js';
import {type AnswerFacts, cacheStatus, formatCacheStatus} from '../../src/policy/cache-status.js';
import type {BypassReason, ForwardReason, Plan} from '../../src/policy/plan.js';
import type {Verdict} from '../../src/policy/verdict.js';
import {NOW, sampleStored} from './samples.js';

const fetch = (reason: ForwardReason): Plan => ({kind: 'fetch', standby: false, reason});
const revalidate: Plan = {kind: 'revalidate', conditions: {}, standby: false, reason: 'expired'};
const bypass = (reason: BypassReason): Plan => ({kind: 'bypass', reason});
const store: Verdict = {kind: 'store', response: sampleStored(), vary: undefined, reason: 'allowed'};
const freshen: Verdict = {kind: 'freshen', response: sampleStored(), persist: true, reason: 'notModified'};
const part = {offset: 0, length: 1, contentRange: {first: 0, last: 0, total: 5}};

describe('Cache-Status', () => {
	it.each<[string, Plan, Verdict | undefined, Partial<AnswerFacts>]>([
		['hit; ttl=30; detail=fresh', {kind: 'serve', reason: 'fresh'}, undefined, {expires: NOW + 30_999}],
		['hit; detail=neverExpires', {kind: 'serve', reason: 'neverExpires'}, undefined, {}],
		[
			'hit; ttl=-5; key="a.b"; detail=staleWhileRevalidate',
			{kind: 'serveStale', refresh: true, reason: 'staleWhileRevalidate'},
			undefined,
			{expires: NOW - 5000, key: 'a.b'},
		],
		['hit; detail=etagMatches', {kind: 'notModified', reason: 'etagMatches'}, undefined, {}],
		['hit; detail=rangeStored', {kind: 'servePartial', part, reason: 'rangeStored'}, undefined, {}],
		['hit; detail=rangeBeyondEnd', {kind: 'rangeNotSatisfiable', total: 5, reason: 'rangeBeyondEnd'}, undefined, {}],
		[
			'fwd=uri-miss; ttl=60; stored; detail=nothingStored',
			fetch('nothingStored'),
			store,
			{expires: NOW + 60_000, forwardStatus: 200, status: 200},
		],
		['fwd=vary-miss; stored; detail=nothingStored', fetch('nothingStored'), store, {hasOtherVariants: true}],
		['fwd=uri-miss; detail=noStore', fetch('nothingStored'), {kind: 'skip', reason: 'noStore'}, {}],
		['fwd=stale; fwd-status=304; stored; detail=expired', revalidate, freshen, {forwardStatus: 304, status: 200}],
		[
			'fwd=stale; fwd-status=304; detail=expired',
			revalidate,
			{...freshen, persist: false},
			{forwardStatus: 304, status: 200},
		],
		['fwd=stale; detail=neverReusable', revalidate, {kind: 'evict', reason: 'neverReusable'}, {}],
		[
			'fwd=stale; fwd-status=503; ttl=-1; detail=staleIfError',
			revalidate,
			{kind: 'useStored', reason: 'staleIfError'},
			{forwardStatus: 503, status: 200, expires: NOW - 1},
		],
		['fwd=stale; collapsed; detail=expired', revalidate, undefined, {isShared: true}],
		['fwd=stale; detail=noCache', fetch('noCache'), undefined, {}],
		['fwd=request; detail=requestMaxAge', fetch('requestMaxAge'), undefined, {}],
		['fwd=request; detail=forceRefresh', fetch('forceRefresh'), undefined, {}],
		[
			'fwd=partial; detail=partStored',
			{kind: 'complete', conditions: {}, standby: false, reason: 'partStored'},
			undefined,
			{},
		],
		['fwd=partial; detail=rangeNotServable', fetch('rangeNotServable'), undefined, {}],
		[
			'fwd=method; detail=postNotReusable',
			{kind: 'passThrough', reason: 'methodNotCacheable'},
			{kind: 'skip', reason: 'postNotReusable'},
			{},
		],
		['fwd=method; detail=methodNotAllowed', bypass('methodNotAllowed'), undefined, {}],
		['fwd=request; detail=requestNoStore', bypass('requestNoStore'), undefined, {}],
		['fwd=bypass; detail=cacheDisabled', bypass('cacheDisabled'), undefined, {}],
		['detail=onlyIfCached', {kind: 'unsatisfiable', reason: 'onlyIfCached'}, undefined, {}],
	])('%s', (text, plan, verdict, facts) => {
		expect(formatCacheStatus(cacheStatus(plan, verdict, {now: NOW, ...facts}))).toBe(`got-client-cache; ${text}`);
	});

	it('is a record, too', () => {
		expect(
			cacheStatus(revalidate, freshen, {
				cache: 'mine',
				now: NOW,
				expires: NOW + 5000,
				forwardStatus: 304,
				status: 200,
				key: 'k',
			}),
		).toEqual({
			cache: 'mine',
			hit: false,
			fwd: 'stale',
			fwdStatus: 304,
			ttl: 5,
			stored: true,
			key: 'k',
			detail: 'expired',
		});
	});

	it('does not say stored of what the store did not take', () => {
		const status = cacheStatus(fetch('nothingStored'), store, {now: NOW, hasStoreFailed: true});
		expect(status).toMatchObject({stored: false});
		expect(String(status)).toBe('got-client-cache; fwd=uri-miss; detail=nothingStored');
	});

	it('is text where text is wanted, and otherwise plain data', () => {
		const status = cacheStatus({kind: 'serve', reason: 'fresh'}, undefined, {now: NOW});
		expect(`${status}`).toBe(formatCacheStatus(status));
		expect(Object.keys(status)).toEqual(['cache', 'hit', 'detail']);
	});

	it('is a structured field whatever the names are', () => {
		fc.assert(
			fc.property(fc.string({unit: 'binary'}), fc.string({unit: 'binary'}), (cache, key) => {
				const text = formatCacheStatus({cache, hit: true, key, detail: cache});
				expect(parseDictionary(`a=${text}`)?.size).toBe(1);
			}),
		);
	});
});
