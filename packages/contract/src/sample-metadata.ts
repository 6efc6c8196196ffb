import type {StoredHop, StoredResponse, StoredVaryIndex} from 'got-client-cache';

/** Metadata of a response as a session would store it, with some members of one's own choice. */
export function sampleResponse(members: Partial<StoredResponse> = {}): StoredResponse {
	return {
		kind: 'response',
		statusCode: 200,
		statusMessage: 'OK',
		httpVersion: '1.1',
		rawHeaders: [
			'Content-Type',
			'text/plain; charset="utf-8"',
			'Set-Cookie',
			'a=1',
			'set-cookie',
			'b=ü',
			'X-Empty',
			'',
		],
		url: 'https://example.com/path?b=2&a=%20',
		method: 'GET',
		requestTime: 1_790_000_000_000,
		responseTime: 1_790_000_000_123,
		createdAt: 1_790_000_000_124,
		expires: 4_000_000_000_000,
		keepUntil: 4_000_000_360_000,
		bodySize: 5,
		decoded: false,
		...members,
	};
}

/** Metadata of a redirect. */
export function sampleHop(members: Partial<StoredHop> = {}): StoredHop {
	return {
		...sampleResponse({statusCode: 302, statusMessage: 'Found', rawHeaders: ['Location', '/next'], bodySize: 0}),
		kind: 'hop',
		nextUrl: 'https://example.com/next',
		nextMethod: 'GET',
		...members,
	};
}

/** Metadata of the index that stands for responses with `Vary`. */
export function sampleVaryIndex(members: Partial<StoredVaryIndex> = {}): StoredVaryIndex {
	return {
		kind: 'vary',
		fields: ['accept', 'accept-language'],
		generation: 'c2VsZWN0',
		url: 'https://example.com/path',
		createdAt: 1_790_000_000_124,
		expires: 4_000_000_000_000,
		keepUntil: 4_000_000_360_000,
		...members,
	};
}
