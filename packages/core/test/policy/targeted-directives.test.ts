import {describe, expect, it} from '@jest/globals';
import {MAX_DELTA_SECONDS} from '../../src/policy/delta-seconds.js';
import {NO_DIRECTIVES, type ResponseDirectives} from '../../src/policy/response-directives.js';
import {targetedDirectives} from '../../src/policy/targeted-directives.js';

const read = (...lines: string[]) => targetedDirectives(lines.flatMap(line => ['CDN-Cache-Control', line]));

describe('targetedDirectives', () => {
	it.each<[string[], Partial<ResponseDirectives>]>([
		[['max-age=5'], {maxAge: 5}],
		[['max-age=5', 'no-store'], {maxAge: 5, noStore: true}],
		[['foobar, max-age=5;a=1'], {maxAge: 5}],
		[['max-age=99999999999'], {maxAge: MAX_DELTA_SECONDS}],
		[['no-store=?0, public'], {isPublic: true}],
		[['no-cache, private'], {noCache: true, isPrivate: true}],
		[['no-cache="a, B", private="c"'], {noCacheFields: ['a', 'b'], privateFields: ['c']}],
		[['no-cache=?0'], {}],
	])('takes %p', (lines, directives) => {
		expect(read(...lines)).toEqual({...NO_DIRECTIVES, ...directives});
	});

	it.each([
		[[]],
		[['']],
		[['max-age=5, &&&']],
		[['MaX-aGe=5']],
		[['max-age="5"']],
		[['max-age=-5']],
		[['max-age=5.5']],
		[['max-age']],
		[['no-store=1']],
		[['no-cache=a']],
		[['max-age=5', 'x=']],
	])('ignores the whole field for %p', lines => {
		expect(read(...lines)).toBeUndefined();
	});
});
