import type {HttpRequest} from '../../http/request.js';
import type {HttpResponse} from '../../http/response.js';

/** What went over the network for one response. */
export interface Transmission {
	/** Epoch milliseconds at which the last request of the chain was sent. */
	readonly requestTime: number;
	/** Epoch milliseconds at which the last response had arrived. */
	readonly responseTime: number;
	/** The redirects that got followed, in order. */
	readonly hops: readonly TransmittedHop[];
	/** The requests as they were really sent, one for every URL of the chain. Fewer than that when a hook answered in place of the network. */
	readonly sent: readonly HttpRequest[];
	/** Whether got undid a content coding of the last response. */
	readonly decoded: boolean;
}

/** A redirect that got followed. */
export interface TransmittedHop extends HttpResponse {
	/** The URL that got went on to, without user info. */
	readonly nextUrl: string;
	/** The method that got went on with. */
	readonly nextMethod: string;
	/** Epoch milliseconds. */
	readonly responseTime: number;
}
