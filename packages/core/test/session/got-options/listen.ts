import {once} from 'node:events';
import type {AddressInfo, Server} from 'node:net';

/** A server on a free port or a socket; closed, with its connections, at the end of the block. */
export async function listen(server: Server, where: object | string = {port: 0, host: '127.0.0.1'}) {
	const sockets = new Set<{destroy(): void}>();
	server.on('connection', socket => sockets.add(socket));
	server.listen(where as object);
	await once(server, 'listening');
	return {
		port: (server.address() as AddressInfo).port,
		async [Symbol.asyncDispose]() {
			server.close();
			for (const socket of sockets) {
				socket.destroy();
			}
			await once(server, 'close');
		},
	};
}
