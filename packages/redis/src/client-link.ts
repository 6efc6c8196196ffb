import type {SentinelClient, SingleClient} from './drivers.js';
import {AS_BUFFERS, type Command, type Link, NotConnected, type Server} from './link.js';

/** What the links to one server have in common. Nothing is given to a driver without a connection: it would keep it until it has one. */
abstract class OneServerLink implements Link {
	readonly isOneServer = true;
	readonly #release: () => void;

	constructor(release: () => void) {
		this.#release = release;
	}

	abstract get isUsable(): boolean;

	get isWhole(): boolean {
		return this.isUsable;
	}

	send(_key: string, command: Command): Promise<unknown> {
		return this.#send(command);
	}

	async transaction(_key: string, commands: readonly Command[]): Promise<readonly unknown[]> {
		this.#demandUsable();
		return (await this.performTogether(commands)) as unknown[];
	}

	async servers(): Promise<readonly Server[]> {
		return [{send: command => this.#send(command)}];
	}

	release(): void {
		this.#release();
	}

	/** What is said where the link is not usable. */
	protected abstract readonly complaint: string;

	protected abstract perform(command: Command): Promise<unknown>;

	protected abstract performTogether(commands: readonly Command[]): Promise<unknown>;

	#send(command: Command): Promise<unknown> {
		this.#demandUsable();
		return this.perform(command);
	}

	#demandUsable(): void {
		if (!this.isUsable) {
			throw new NotConnected(this.complaint);
		}
	}
}

/** A link over a client of one server. */
export class ClientLink extends OneServerLink {
	protected readonly complaint = 'the client is not connected';
	readonly #client: SingleClient;

	constructor(client: SingleClient, release: () => void) {
		super(release);
		this.#client = client;
	}

	override get isUsable(): boolean {
		// A pool does not say.
		return this.#client.isReady ?? this.#client.isOpen;
	}

	protected override perform(command: Command): Promise<unknown> {
		return this.#client.sendCommand(command, AS_BUFFERS);
	}

	protected override performTogether(commands: readonly Command[]): Promise<unknown> {
		const transaction = this.#client.multi();
		for (const command of commands) {
			transaction.addCommand(command);
		}
		return transaction.exec();
	}
}

/** A link over a ready client that asks Sentinels for the server. */
export class SentinelLink extends OneServerLink {
	protected readonly complaint = 'there is no connection to a master';
	readonly #client: SentinelClient;

	constructor(client: SentinelClient, release: () => void) {
		super(release);
		this.#client = client;
	}

	override get isUsable(): boolean {
		return this.#client.isOpen && this.#client.getMasterNode() !== undefined;
	}

	protected override perform(command: Command): Promise<unknown> {
		// Never of a replica, which may not know yet what was written.
		return this.#client.sendCommand(false, command, AS_BUFFERS);
	}

	protected override performTogether(commands: readonly Command[]): Promise<unknown> {
		const transaction = this.#client.multi();
		for (const command of commands) {
			transaction.addCommand(false, command);
		}
		return transaction.exec();
	}
}
