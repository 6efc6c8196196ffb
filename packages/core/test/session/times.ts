/** What so many calls return. */
export function times<T>(count: number, call: (index: number) => T): T[] {
	return Array.from({length: count}, (_, index) => call(index));
}
