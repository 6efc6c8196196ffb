import {
	type Origin,
	type OriginReply,
	type RecordedRequest,
	startOrigin,
} from '../../../../test-support/origin-server.js';

/** Whether the settings or the server's words decide: whose answer one gets is the same in both. */
export const modes = [
	['the settings', {}],
	['RFC 9111', {cacheControl: true}],
] as const;

/** Says who asked, as far as the server can tell. */
export function whoAsked({url, headers}: RecordedRequest): string {
	const {host: _host, connection: _connection, 'user-agent': _agent, 'accept-encoding': _coding, ...rest} = headers;
	return `${url} ${JSON.stringify(rest)}`;
}

/** What may be stored in both modes. */
export function storable(reply: OriginReply): OriginReply {
	return {...reply, headers: {'cache-control': 'max-age=60', ...reply.headers}};
}

/** An origin that says who asked. */
export function startWhoAsked(): Promise<Origin> {
	return startOrigin(request => storable({body: whoAsked(request)}));
}
