import {expect} from '@jest/globals';

/** A body. */
export interface User {
	readonly id: number;
}

/** Keeps the compiler from calling a check unused, and says that nothing runs. */
export function compiled(...checks: ReadonlyArray<(...parameters: never[]) => unknown>): void {
	expect(checks.every(check => typeof check === 'function')).toBe(true);
}
