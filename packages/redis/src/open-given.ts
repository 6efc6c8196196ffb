import {ClientLink, SentinelLink} from './client-link.js';
import {ClusterLink} from './cluster-link.js';
import type {KnownClient} from './drivers.js';
import type {Link, OpenLink} from './link.js';
import {teachScript} from './record-script.js';

/** Opens links over a ready client. It is connected if nobody has done so, keeps its own settings, and is never closed. */
export function openGiven(known: KnownClient): OpenLink {
	const {client} = known;
	return async () => {
		// Without a listener its errors would end the process.
		client.on('error', ignore);
		const link = toLink(known, () => client.off('error', ignore));
		try {
			if (!client.isOpen) {
				await client.connect();
			}
			if (link.isWhole) {
				await Promise.all((await link.servers()).map(teachScript));
			}
			return link;
		} catch (error) {
			link.release();
			throw error;
		}
	};
}

function toLink(known: KnownClient, release: () => void): Link {
	switch (known.kind) {
		case 'single':
			return new ClientLink(known.client, release);
		case 'sentinel':
			return new SentinelLink(known.client, release);
		case 'cluster':
			return new ClusterLink(known.client, release);
	}
}

function ignore(): void {}
