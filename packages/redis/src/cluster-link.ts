import type {ClusterClient, ClusterNode} from './drivers.js';
import {hashSlot} from './hash-slot.js';
import {AS_BUFFERS, type Command, type Link, NotConnected, type Server} from './link.js';

/** A link over a client of a cluster. Commands that change or read keys go to masters: replicas may not know yet what was written. */
export class ClusterLink implements Link {
	readonly isOneServer = false;
	readonly #client: ClusterClient;
	readonly #release: () => void;

	constructor(client: ClusterClient, release: () => void) {
		this.#client = client;
		this.#release = release;
	}

	get isUsable(): boolean {
		return this.#client.isOpen && this.#client.masters.some(({client}) => client?.isReady);
	}

	get isWhole(): boolean {
		return this.#client.isOpen && this.#client.masters.every(({client}) => client?.isReady);
	}

	async send(key: string, command: Command): Promise<unknown> {
		this.#demandReady(key);
		return this.#client.sendCommand(key, false, command, AS_BUFFERS);
	}

	async transaction(key: string, commands: readonly Command[]): Promise<readonly unknown[]> {
		this.#demandReady(key);
		const transaction = this.#client.multi(key);
		for (const command of commands) {
			transaction.addCommand(key, false, command);
		}
		return (await transaction.exec()) as unknown[];
	}

	async servers(): Promise<readonly Server[]> {
		return Promise.all(
			this.#client.masters.map(async node => {
				demandConnection(node);
				const client = await this.#client.nodeClient(node);
				return {send: (command: Command) => client.sendCommand(command, AS_BUFFERS)};
			}),
		);
	}

	release(): void {
		this.#release();
	}

	#demandReady(key: string): void {
		const master = this.#client.slots[hashSlot(key)]?.master;
		if (!this.#client.isOpen || master === undefined) {
			throw new NotConnected('no server is known for the key');
		}
		demandConnection(master);
	}
}

/** The driver would let commands wait in a queue until the server is back. A server that nothing was asked of yet is connected now. */
function demandConnection({client, host, port}: ClusterNode): void {
	if (client && !client.isReady) {
		throw new NotConnected(`there is no connection to ${host}:${port}`);
	}
}
