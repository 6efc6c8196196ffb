import {type Origin, startOrigin} from '../../../../../test-support/origin-server.js';

/** Answers with JSON that says what was asked, and how often. */
export async function startSite(): Promise<Origin> {
	const origin = await startOrigin(({method, url, headers, body}) => ({
		body: {
			method,
			url,
			accept: headers.accept,
			key: headers['x-mark'],
			body: body.toString(),
			n: origin.requests.length,
		},
	}));
	origin.route('/moved', {status: 302, headers: {location: '/end'}});
	origin.route('/missing', {status: 404, body: {error: 'none'}});
	origin.route('/text', 'no JSON');
	return origin;
}
