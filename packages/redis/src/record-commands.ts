import type {Link} from './link.js';
import type {RecordPlace} from './record-keys.js';
import {runScript} from './record-script.js';

/** The values of a record's fields, `null` for those that it has not. A key that holds something else than a hash is a record without understandable fields. */
export async function readFields(
	link: Link,
	{record}: RecordPlace,
	fields: readonly string[],
): Promise<readonly unknown[]> {
	let values: unknown;
	try {
		values = await link.send(record, ['HMGET', record, ...fields]);
	} catch (error) {
		values = undefinedIfWrongType(error);
	}
	return Array.isArray(values) ? values : fields.map(() => undefined);
}

/** A reply, or `undefined` where the key holds something else than the command is for. */
export async function unlessWrongType(reply: Promise<unknown>): Promise<unknown> {
	return reply.catch(undefinedIfWrongType);
}

function undefinedIfWrongType(error: unknown): undefined {
	if (!isWrongType(error)) {
		throw error;
	}
}

/** Whether a key holds something else than the command is for. */
export function isWrongType(error: unknown): boolean {
	return error instanceof Error && error.message.startsWith('WRONGTYPE');
}

/** Removes a record of which a field is still as it was. */
export async function removeIfStill(link: Link, {record, index, member}: RecordPlace, field: string, value: unknown) {
	const expected = typeof value === 'string' || value instanceof Buffer ? value : '';
	return (await runScript(link, 'remove', [record, index], [member, field, expected])) === 1;
}

/** Runs the script on records of one index. */
export function runOnIndex(link: Link, action: 'drop' | 'sweep', places: readonly RecordPlace[]): Promise<unknown> {
	const keys = [places[0]!.index, ...places.map(({record}) => record)] as const;
	return runScript(
		link,
		action,
		[...keys],
		places.map(({member}) => member),
	);
}

/** Records with the same index belong to the same resource, and are in one hash slot. */
export function groupByIndex(places: readonly RecordPlace[]): ReadonlyArray<readonly RecordPlace[]> {
	const groups = new Map<string, RecordPlace[]>();
	for (const place of places) {
		const group = groups.get(place.index);
		group ? group.push(place) : groups.set(place.index, [place]);
	}
	return [...groups.values()];
}
