import {type Origin, startOrigin} from '../../../../../test-support/origin-server.js';
import type {CachedSessionOptions} from '../../../src/index.js';

/** Says what it was sent. */
export function startMirror(): Promise<Origin> {
	return startOrigin(({method, url, headers, body}) => ({
		body: {method, url, body: body.toString(), type: headers['content-type'], user: headers.authorization},
	}));
}

/** Settings under which the answers to all methods are stored. */
export const postable: CachedSessionOptions = {allowedMethods: ['GET', 'HEAD', 'POST', 'PUT', 'PATCH', 'DELETE']};
