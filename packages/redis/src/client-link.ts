import type {SentinelClient, SingleClient} from './drivers.js';
import {AS_BUFFERS, type Command, type Link, NotConnected, type Server} from './link.js';

/** A link over a client of one server. */
export class ClientLink implements Link {
	readonly isOneServer = true;
	readonly #client: SingleClient;
	readonly #release: () => void;

	constructor(client: SingleClient, release: () => void) {
		this.#client = client;
		this.#release = release;
	}

	get isUsable(): boolean {
		// A pool does not say.
		return this.#client.isReady ?? this.#client.isOpen;
	}

	get isWhole(): boolean {
		return this.isUsable;
	}

	send(_key: string, command: Command): Promise<unknown> {
		return this.#send(command);
	}

	async transaction(_key: string, commands: readonly Command[]): Promise<readonly unknown[]> {
		this.#demandReady();
		const transaction = this.#client.multi();
		for (const command of commands) {
			transaction.addCommand(command);
		}
		return (await transaction.exec()) as unknown[];
	}

	async servers(): Promise<readonly Server[]> {
		return [{send: command => this.#send(command)}];
	}

	release(): void {
		this.#release();
	}

	#send(command: Command): Promise<unknown> {
		this.#demandReady();
		return this.#client.sendCommand(command, AS_BUFFERS);
	}

	/** The driver would let it wait in a queue until the server is back. */
	#demandReady(): void {
		if (!this.isUsable) {
			throw new NotConnected('the client is not connected');
		}
	}
}

/** A link over a ready client that asks Sentinels for the server. */
export class SentinelLink implements Link {
	readonly isOneServer = true;
	readonly #client: SentinelClient;
	readonly #release: () => void;

	constructor(client: SentinelClient, release: () => void) {
		this.#client = client;
		this.#release = release;
	}

	get isUsable(): boolean {
		return this.#client.isOpen && this.#client.getMasterNode() !== undefined;
	}

	get isWhole(): boolean {
		return this.isUsable;
	}

	send(_key: string, command: Command): Promise<unknown> {
		return this.#send(command);
	}

	async transaction(_key: string, commands: readonly Command[]): Promise<readonly unknown[]> {
		this.#demandReady();
		const transaction = this.#client.multi();
		for (const command of commands) {
			transaction.addCommand(false, command);
		}
		return (await transaction.exec()) as unknown[];
	}

	async servers(): Promise<readonly Server[]> {
		return [{send: command => this.#send(command)}];
	}

	release(): void {
		this.#release();
	}

	#send(command: Command): Promise<unknown> {
		this.#demandReady();
		// Never of a replica, which may not know yet what was written.
		return this.#client.sendCommand(false, command, AS_BUFFERS);
	}

	/** The driver would wait until there is a master again. */
	#demandReady(): void {
		if (!this.isUsable) {
			throw new NotConnected('there is no connection to a master');
		}
	}
}
