import {expect, it} from '@jest/globals';
import {assertNever} from '../../src/policy/assert-never.js';

it('says what was not handled', () => {
	expect(() => assertNever({kind: 'new'} as never)).toThrow(new TypeError('Unhandled: {"kind":"new"}'));
});
