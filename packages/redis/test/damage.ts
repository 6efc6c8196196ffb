import type {Damage} from '@got-client-cache/contract';
import type {RedisServer} from '../../../test-support/redis-servers.js';

/** Breaks a record of a backend from outside. Keys are plain ones, `<resource>.<selector>`. */
export async function damage({cli}: RedisServer, place: string, key: string, what: Damage): Promise<void> {
	const [resource, selector] = key.split('.');
	const record = `${place}:responses:{${resource}}.${selector}`;
	switch (what) {
		case 'metadata':
			await cli('-c', 'HSET', record, 'm', '{"format":');
			return;
		case 'format': {
			const metadata = await cli('-c', 'HGET', record, 'm');
			await cli('-c', 'HSET', record, 'm', metadata.replace('"format":1', '"format":99'));
			return;
		}
		case 'body': {
			const fields = (await cli('-c', 'HKEYS', record)).split('\n');
			const pieces = fields.filter(field => /^\d+$/.test(field));
			const last = pieces.length === 0 ? 'b' : String(pieces.length - 1);
			await cli('-c', 'HSET', record, last, 'cut short');
		}
	}
}
