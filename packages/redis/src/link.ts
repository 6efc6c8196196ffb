/** An argument of a command. Bytes are Buffers: the driver takes no other typed array. */
export type Argument = string | Buffer;

/** A command and its arguments. */
export type Command = readonly Argument[];

/** A server that keeps keys: the only one, or a master of a cluster. */
export interface Server {
	/** The reply; texts come as Buffers. */
	send(command: Command): Promise<unknown>;
}

/**
 * What commands are sent over. A link does not wait for servers that are away: what is asked of them rejects at once.
 * It is given up when it breaks, and another is opened in its place.
 */
export interface Link {
	/** Whether anything can be asked over it. */
	readonly isUsable: boolean;
	/** Whether everything can be asked over it: in a cluster some servers may be away. */
	readonly isWhole: boolean;
	/** Whether one server has all keys, so that a command may be about any of them together. */
	readonly isOneServer: boolean;
	/** Sends a command to the server that has `key`; resolves to its reply, with texts as Buffers. */
	send(key: string, command: Command): Promise<unknown>;
	/** Runs commands on keys of one hash slot in one step, between which no other client's command gets; resolves to their replies. */
	transaction(key: string, commands: readonly Command[]): Promise<readonly unknown[]>;
	/** All servers that keep keys. */
	servers(): Promise<readonly Server[]>;
	/** Closes what was opened for this link; what is under way on it rejects. */
	release(): void;
}

/**
 * Opens a link.
 *
 * @param onBroken called when something of the link broke; more than once, perhaps
 * @param signal ends the attempt
 */
export type OpenLink = (onBroken: (error: unknown) => void, signal: AbortSignal) => Promise<Link>;

/** RESP's type byte of texts, `$`, as `RESP_TYPES.BLOB_STRING` of redis: not imported, because redis is loaded late. */
const BLOB_STRING = 36;

/**
 * Asks the driver for texts as Buffers, whatever a client's own settings are, and for no timer of its own: that would cost more than all else that a command costs here,
 * and only bounds the wait in a queue where nothing of ours waits.
 */
export const AS_BUFFERS = {typeMapping: {[BLOB_STRING]: Buffer}, timeout: undefined} as const;

/** The server is away, so nothing was sent to it. */
export class NotConnected extends Error {
	override readonly name = 'NotConnected';
}
