import type {SentinelOptions} from './drivers.js';
import {AS_BUFFERS, type Link, type OpenLink} from './link.js';
import {ATTEMPT_TIMEOUT, connectSingle, ownOptions} from './open-single.js';
import {attempt, within} from './within.js';

/** Where the Sentinels are, and what they are asked for. Members as of `createSentinel` of redis. */
export type SentinelPlace = Pick<
	SentinelOptions,
	'name' | 'sentinelRootNodes' | 'nodeClientOptions' | 'sentinelClientOptions' | 'nodeAddressMap'
>;

interface Address {
	readonly host: string;
	readonly port: number;
}

/**
 * Opens links to the server that Sentinels name as the master. After a failover the link breaks, and the next one goes to the new master.
 *
 * Not built on `createSentinel` of redis: while there is no master that makes commands wait, and it keeps the process alive.
 */
export function openSentinel(place: SentinelPlace): OpenLink {
	let sentinels: readonly Address[] = place.sentinelRootNodes;
	return async (onBroken, signal) => {
		let failure: unknown;
		for (const sentinel of sentinels) {
			try {
				const {master, others} = await askSentinel(place, sentinel, signal);
				// The one that answered is asked first the next time; the others that it knows, too, may be all that is left by then.
				sentinels = distinct([sentinel, ...others, ...place.sentinelRootNodes]);
				return await connectMaster(place, master, onBroken, signal);
			} catch (error) {
				failure ??= error;
			}
		}
		throw failure;
	};
}

async function connectMaster(
	{nodeClientOptions, nodeAddressMap}: SentinelPlace,
	address: Address,
	...broken: Parameters<OpenLink>
): Promise<Link> {
	const {host, port} = mapped(address, nodeAddressMap);
	const socket = {...nodeClientOptions?.socket, host, port};
	const link = await connectSingle({...nodeClientOptions, socket} as Parameters<typeof connectSingle>[0], ...broken);
	try {
		// Sentinels may not have noticed yet that it is a replica now.
		const role = await link.send('', ['ROLE']);
		if (!Array.isArray(role) || String(role[0]) !== 'master') {
			throw new Error(`${host}:${port} is not a master`);
		}
		return link;
	} catch (error) {
		link.release();
		throw error;
	}
}

async function askSentinel(
	{name, sentinelClientOptions}: SentinelPlace,
	{host, port}: Address,
	signal: AbortSignal,
): Promise<{master: Address; others: Address[]}> {
	const {createClient} = await import('redis');
	const socket = {...sentinelClientOptions?.socket, host, port};
	const client = createClient(ownOptions({...sentinelClientOptions, socket} as Parameters<typeof ownOptions>[0]));
	client.on('error', () => undefined);
	client.unref();
	const release = () => {
		if (client.isOpen) {
			client.destroy();
		}
	};
	const ask = async () => {
		await client.connect();
		return Promise.all([
			client.sendCommand(['SENTINEL', 'GET-MASTER-ADDR-BY-NAME', name], {typeMapping: AS_BUFFERS.typeMapping}),
			client.sendCommand(['SENTINEL', 'SENTINELS', name], {typeMapping: AS_BUFFERS.typeMapping}),
		]);
	};
	const tooLate = `no answer of the Sentinel ${host}:${port} within ${ATTEMPT_TIMEOUT} ms`;
	const replies: unknown[] = await attempt(signal, release, () => within(ask(), ATTEMPT_TIMEOUT, tooLate));
	release();
	const [address, others] = replies;
	const master = Array.isArray(address) ? toAddress(address[0], address[1]) : undefined;
	if (!master) {
		throw new Error(`the Sentinel ${host}:${port} knows no master '${name}'`);
	}
	return {master, others: Array.isArray(others) ? others.flatMap(readSentinel) : []};
}

/** The address of a Sentinel in a list of them: a map, which is a flat list in the older protocol. */
function readSentinel(sentinel: unknown): Address[] {
	if (typeof sentinel !== 'object' || sentinel === null) {
		return [];
	}
	const flat = Array.isArray(sentinel)
		? sentinel
		: sentinel instanceof Map
			? [...sentinel.entries()].flat()
			: Object.entries(sentinel).flat();
	const fieldOf = (name: string) => flat[flat.findIndex((item, index) => index % 2 === 0 && String(item) === name) + 1];
	const address = toAddress(fieldOf('ip'), fieldOf('port'));
	return address ? [address] : [];
}

function toAddress(host: unknown, port: unknown): Address | undefined {
	const address = {host: String(host), port: Number(String(port))};
	return address.host !== '' && Number.isInteger(address.port) ? address : undefined;
}

function mapped(address: Address, map: SentinelPlace['nodeAddressMap']): Address {
	const name = `${address.host}:${address.port}`;
	return (typeof map === 'function' ? map(name) : map?.[name]) ?? address;
}

function distinct(addresses: readonly Address[]): Address[] {
	return [...new Map(addresses.map(address => [`${address.host}:${address.port}`, address])).values()];
}
