import {ClusterLink} from './cluster-link.js';
import type {ClusterClient, ClusterNode, ClusterOptions} from './drivers.js';
import {AS_BUFFERS, type OpenLink} from './link.js';
import {ATTEMPT_TIMEOUT, ownOptions} from './open-single.js';
import {teachScript} from './record-script.js';
import {attempt, within} from './within.js';

/** How long an attempt waits for each master, in milliseconds. Those that do not answer are left out, and tried again by the next attempt. */
const NODE_TIMEOUT = 3000;

/** Opens links to a cluster. One that can reach some masters only is a link too, and says that it is not whole. */
export function openCluster(options: ClusterOptions): OpenLink {
	// The masters that were met last: all the servers that one was told of in the beginning may be gone.
	let met: ClusterOptions['rootNodes'] = [];
	return async (onBroken, signal) => {
		const {createCluster} = await import('redis');
		const cluster = createCluster({
			RESP: 3,
			...options,
			rootNodes: [...options.rootNodes.map(node => ({...node, socket: {...node.socket}})), ...met],
			defaults: ownOptions({...options.defaults}),
			// Otherwise one master that is away would keep all others from being connected.
			minimizeConnections: true,
			useReplicas: false,
		} as ClusterOptions);
		const client = cluster as unknown as ClusterClient;
		let reason: unknown;
		// While it is opened: why a server could not be asked for the others. The driver itself says only that none could.
		client.on('error', error => {
			reason = error;
		});
		client.on('node-error', onBroken);
		client.on('node-disconnect', onBroken);
		client.on('node-ready', () => unref(client.masters));
		const release = () => {
			if (client.isOpen) {
				client.destroy();
			}
		};
		await attempt(signal, release, async () => {
			await within(client.connect(), ATTEMPT_TIMEOUT, `no connection within ${ATTEMPT_TIMEOUT} ms`).catch(error => {
				throw reason ?? error;
			});
			await connectMasters(client);
		});
		if (options.nodeAddressMap === undefined) {
			met = client.masters.map(({host, port}) => ({socket: {host, port}}));
		}
		return new ClusterLink(client, release);
	};
}

/** @throws what the first master failed with, where none can be reached */
async function connectMasters(client: ClusterClient): Promise<void> {
	const attempts = client.masters.map(async node => {
		const nodeClient = await within(
			client.nodeClient(node),
			NODE_TIMEOUT,
			`no connection to ${node.host}:${node.port} within ${NODE_TIMEOUT} ms`,
		);
		await within(
			teachScript({send: command => nodeClient.sendCommand(command, AS_BUFFERS)}),
			NODE_TIMEOUT,
			`no answer of ${node.host}:${node.port} within ${NODE_TIMEOUT} ms`,
		);
	});
	const outcomes = await Promise.allSettled(attempts);
	for (const [index, {status}] of outcomes.entries()) {
		const hanging = client.masters[index]?.client;
		if (status === 'rejected' && hanging?.isOpen) {
			hanging.destroy();
		}
	}
	const failures = outcomes.filter(outcome => outcome.status === 'rejected');
	if (failures.length === outcomes.length) {
		throw failures[0]?.reason ?? new Error('the cluster has no masters');
	}
}

/** What is under way keeps the process alive, idle connections do not. */
function unref(nodes: readonly ClusterNode[]): void {
	for (const {client} of nodes) {
		client?.unref();
	}
}
