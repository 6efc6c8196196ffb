import {describe, expect, it} from '@jest/globals';
import {MAX_DELTA_SECONDS, parseDeltaSeconds} from '../../src/policy/delta-seconds.js';

describe('parseDeltaSeconds', () => {
	it.each([
		['0', 0],
		['3600', 3600],
		['003600', 3600],
		['2147483647', 2147483647],
		['2147483648', MAX_DELTA_SECONDS],
		['99999999999', MAX_DELTA_SECONDS],
		['9'.repeat(400), MAX_DELTA_SECONDS],
	])('takes %s', (text, seconds) => {
		expect(parseDeltaSeconds(text)).toBe(seconds);
	});

	it.each([undefined, '', ' 5', '5 ', '-5', '+5', '5.0', '5e3', '0x5', "'5'", '"5"', '٥', '5\n'])(
		'does not take %p',
		text => {
			expect(parseDeltaSeconds(text)).toBeUndefined();
		},
	);
});
