import {ClientLink} from './client-link.js';
import type {ClientOptions, SingleClient} from './drivers.js';
import type {Link, OpenLink} from './link.js';
import {teachScript} from './record-script.js';
import {attempt, within} from './within.js';

/** How long an attempt to connect may take in all, in milliseconds. */
export const ATTEMPT_TIMEOUT = 10_000;

/** The options of a client that we open ourselves. Reconnecting is our own business: that of the driver would keep the process alive. */
export function ownOptions(options: ClientOptions): ClientOptions {
	return {
		RESP: 3,
		// The handshake would ask for a name to be looked up, and for a right that a user may not have.
		maintNotifications: 'disabled',
		...options,
		disableOfflineQueue: true,
		// A copy: the driver writes into it.
		socket: {...options.socket, reconnectStrategy: false} as NonNullable<ClientOptions['socket']>,
	};
}

/** Opens links to one server. */
export function openSingle(options: ClientOptions): OpenLink {
	return (onBroken, signal) => connectSingle(options, onBroken, signal);
}

/** Opens one link to one server. */
export async function connectSingle(
	options: ClientOptions,
	...[onBroken, signal]: Parameters<OpenLink>
): Promise<Link> {
	const {createClient} = await import('redis');
	const client = createClient(ownOptions(options));
	client.on('error', onBroken);
	client.on('end', () => onBroken(new Error('the connection was ended')));
	// What is under way keeps the process alive, an idle connection does not.
	client.unref();
	const release = () => {
		if (client.isOpen) {
			client.destroy();
		}
	};
	return attempt(signal, release, async () => {
		await within(client.connect(), ATTEMPT_TIMEOUT, `no connection within ${ATTEMPT_TIMEOUT} ms`);
		const link = new ClientLink(client as unknown as SingleClient, release);
		const [server] = await link.servers();
		await within(teachScript(server!), ATTEMPT_TIMEOUT, `no answer within ${ATTEMPT_TIMEOUT} ms`);
		return link;
	});
}
