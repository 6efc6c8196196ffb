import type {Plan} from '../../src/policy/plan.js';
import {type JudgeCase, judgeIn} from './judge-case.js';
import {cacheControl, dateAt, NOW, rfcSettingsOf} from './samples.js';

/** When the response was asked for, and when it came. */
export const EXCHANGE = {requestTime: NOW, responseTime: NOW};

/** The plan of a request whose method is not cached. */
export const PASS_THROUGH: Plan = {kind: 'passThrough', reason: 'methodNotCacheable'};

/** Judges a case as RFC 9111 says. */
export const judge = judgeIn(EXCHANGE, rfcSettingsOf);

/** A case of a response with this `Cache-Control`, and these fields besides. */
export const saying = (value: string, ...others: string[]): JudgeCase => ({
	response: {rawHeaders: cacheControl(value, ...others)},
});

/** A field by which a response may be guessed to be fresh for a long time. */
export const LAST_YEAR = ['Last-Modified', dateAt(-365 * 86_400)];
