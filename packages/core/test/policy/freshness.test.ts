import {describe, expect, it} from '@jest/globals';
import {formatHttpDate} from '../../src/http/http-date.js';
import {freshnessOf, MAX_HEURISTIC, staleFrom} from '../../src/policy/freshness.js';
import {responseFacts} from '../../src/policy/response-facts.js';
import {NOW} from './samples.js';

const SECOND = 1000;
const HOUR = 3600 * SECOND;
const date = (milliseconds: number) => formatHttpDate(NOW + milliseconds);
const factsOf = (rawHeaders: string[], shared = false) => responseFacts({rawHeaders, responseTime: NOW}, shared);
const DAY_OLD = ['Last-Modified', date(-24 * HOUR), 'Date', date(0)];

describe('freshnessOf', () => {
	it.each([200, 203, 204, 206, 300, 301, 308, 404, 405, 410, 414, 501])('guesses for %i', statusCode => {
		expect(freshnessOf(statusCode, factsOf(DAY_OLD), NOW)).toEqual({milliseconds: 2.4 * HOUR, basis: 'heuristic'});
	});

	it.each([201, 202, 302, 303, 307, 400, 401, 403, 500, 502, 503, 504, 299, 599])(
		'does not guess for %i',
		statusCode => {
			expect(freshnessOf(statusCode, factsOf(DAY_OLD), NOW)).toEqual({milliseconds: 0, basis: 'none'});
			expect(freshnessOf(statusCode, factsOf([...DAY_OLD, 'Cache-Control', 'public']), NOW).basis).toBe('heuristic');
			expect(freshnessOf(statusCode, factsOf(['Cache-Control', 'max-age=5']), NOW).milliseconds).toBe(5 * SECOND);
		},
	);

	it.each<[string, string[], number]>([
		['nothing', [], 0],
		['no Last-Modified', ['Date', date(0)], 0],
		['a Last-Modified that is none', ['Last-Modified', 'yesterday'], 0],
		['two of them', ['Last-Modified', date(-HOUR), 'Last-Modified', date(-HOUR)], 0],
		['one ahead', ['Last-Modified', date(HOUR), 'Date', date(0)], 0],
		['one without Date', ['Last-Modified', date(-HOUR)], HOUR / 10],
		['one from long ago', ['Last-Modified', 'Thu, 01 Jan 1970 00:00:00 GMT'], MAX_HEURISTIC],
	])('guesses by %s', (_, rawHeaders, milliseconds) => {
		expect(freshnessOf(200, factsOf(rawHeaders), NOW).milliseconds).toBe(milliseconds);
	});

	it('guesses nothing where the server says something', () => {
		expect(freshnessOf(200, factsOf([...DAY_OLD, 'Cache-Control', 'max-age=0']), NOW)).toEqual({
			milliseconds: 0,
			basis: 'maxAge',
		});
	});
});

describe('staleFrom', () => {
	it.each<[string, string[], number]>([
		['max-age', ['Cache-Control', 'max-age=60'], 60 * SECOND],
		['max-age and Age', ['Cache-Control', 'max-age=60', 'Age', '20'], 40 * SECOND],
		['max-age below Age', ['Cache-Control', 'max-age=60', 'Age', '80'], -20 * SECOND],
		['max-age and an old Date', ['Cache-Control', 'max-age=60', 'Date', date(-20 * SECOND)], 40 * SECOND],
		['Expires, Date slow', ['Expires', date(10 * SECOND), 'Date', date(-10 * SECOND), 'Age', '25'], -5 * SECOND],
		['Expires, Date fast', ['Expires', date(20 * SECOND), 'Date', date(10 * SECOND), 'Age', '15'], -5 * SECOND],
		['no-cache', ['Cache-Control', 'max-age=60, no-cache'], 0],
		['no-cache on what is stale', ['Cache-Control', 'max-age=60, no-cache', 'Age', '80'], -20 * SECOND],
	])('of %s', (_, rawHeaders, offset) => {
		const facts = factsOf(rawHeaders);
		const response = {requestTime: NOW, responseTime: NOW};
		expect(staleFrom(response, facts, freshnessOf(200, facts, NOW))).toBe(NOW + offset);
	});
});
