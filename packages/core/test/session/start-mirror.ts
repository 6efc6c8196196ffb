import {type Origin, startOrigin} from '../../../../test-support/origin-server.js';

/** An origin that says what it got. */
export function startMirror(): Promise<Origin> {
	return startOrigin(({method, url, headers, body}) => ({
		headers: {'x-method': method},
		body: {method, url, body: body.toString(), contentType: headers['content-type'], custom: headers['x-custom']},
	}));
}
