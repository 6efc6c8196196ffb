import {describe, expect, it} from '@jest/globals';
import {formatHttpDate} from '../../src/http/http-date.js';
import {ageInSeconds, currentAge, initialAge} from '../../src/policy/age.js';
import {responseFacts} from '../../src/policy/response-facts.js';
import {NOW} from './samples.js';

const SECOND = 1000;
const date = (seconds: number) => formatHttpDate(NOW + seconds * SECOND);

describe('the age on arrival', () => {
	it.each<[string, string[], delay: number, arrivedAfter: number, age: number]>([
		['nothing', [], 0, 0, 0],
		['the way here', [], 300, 0, 300],
		['Age', ['Age', '30'], 0, 0, 30 * SECOND],
		['Age and the way here', ['Age', '30'], 300, 0, 30_300],
		['Date', ['Date', date(-10)], 0, 0, 10 * SECOND],
		['a Date ahead', ['Date', date(10)], 0, 0, 0],
		['Date, which has whole seconds', ['Date', date(0)], 0, 999, 0],
		['Date, where it says more than Age', ['Date', date(-10), 'Age', '5'], 0, 0, 10 * SECOND],
		['Age, where it says more than Date', ['Date', date(-10), 'Age', '15'], 0, 0, 15 * SECOND],
		['a Date that is none', ['Date', 'foo'], 0, 0, 0],
		['a clock that went back on the way', [], -300, 0, 0],
	])('by %s', (_, rawHeaders, delay, arrivedAfter, age) => {
		const responseTime = NOW + arrivedAfter;
		const response = {rawHeaders, requestTime: responseTime - delay, responseTime};
		expect(initialAge(response, responseFacts(response, false))).toBe(age);
	});
});

describe('the age later', () => {
	const response = {rawHeaders: ['Age', '30'], requestTime: NOW - 300, responseTime: NOW};

	it.each([
		[0, 30_300],
		[5 * SECOND, 35_300],
		[-5 * SECOND, 30_300],
	])('after %d ms is %d ms', (after, age) => {
		expect(currentAge(response, responseFacts(response, false), NOW + after)).toBe(age);
	});

	it('is given in whole seconds', () => {
		expect(ageInSeconds(response, NOW)).toBe(30);
		expect(ageInSeconds(response, NOW + 699)).toBe(30);
		expect(ageInSeconds(response, NOW + 700)).toBe(31);
	});
});
