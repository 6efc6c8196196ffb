import type {ListedDirective} from '../http/field-list.js';

/** What stands for every number of seconds that is too large to be counted (RFC 9111 §1.2.2): 68 years. */
export const MAX_DELTA_SECONDS = 2 ** 31;

/** A number of seconds, or `undefined` where the text is none: digits and nothing else (RFC 9111 §1.2.2, https://www.rfc-editor.org/rfc/rfc9111#section-1.2.2). */
export function parseDeltaSeconds(text: string | undefined): number | undefined {
	return text !== undefined && /^\d+$/.test(text) ? Math.min(Number(text), MAX_DELTA_SECONDS) : undefined;
}

/** The argument of a directive as a number of seconds, or `undefined` where it is none. */
export function secondsOf(directive: ListedDirective): number | undefined {
	return parseDeltaSeconds(directive.argument);
}

/** The smaller of two numbers of which the first may not be there. */
export function smallest(known: number | undefined, next: number): number {
	return known === undefined ? next : Math.min(known, next);
}
