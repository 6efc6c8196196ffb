/** Ends a `switch` over a union: does not compile while a member is not handled, and throws a `TypeError` should one turn up at run time all the same. */
export function assertNever(value: never): never {
	throw new TypeError(`Unhandled: ${JSON.stringify(value)}`);
}
