import {CachedSessionError} from 'got-client-cache';
import {type RedisPlace, resolvePlace} from './connection-options.js';
import {type Link, NotConnected, type OpenLink} from './link.js';
import {UnderWay} from './under-way.js';
import {within} from './within.js';

/** How long the operations that bring about the first connection wait for it, in milliseconds. */
const PATIENCE = 5000;

/** After so many milliseconds without a connection nobody else begins to wait for it. */
const DOUBT = 1000;

/** Pauses between attempts to connect, in milliseconds: twice as long each time. */
const FIRST_PAUSE = 25;
const LONGEST_PAUSE = 2000;

/** How long closing waits for what is under way, in milliseconds. */
const CLOSING_PATIENCE = 2000;

/**
 * The connection to a server, a cluster or the master behind Sentinels, which the caches of a backend share. It is opened by the first operation.
 * While the server is away every operation rejects at once, and in the background the connection is made anew. An idle connection does not keep the process alive.
 */
export class RedisConnection {
	/** Where it goes, without passwords. */
	readonly description: string;
	readonly #open: OpenLink;
	/** Whether we open what we use, and so may give it up and open it anew. */
	readonly #isOwn: boolean;
	readonly #underWay = new UnderWay(() => this.#abandon(this.#link, new Error('there was no answer for 10 seconds')));
	#link: Link | undefined;
	#attempt: Promise<void> | undefined;
	/** When the first attempt began, by `performance.now`. */
	#began: number | undefined;
	#retry: NodeJS.Timeout | undefined;
	#failures = 0;
	/** Why there is no link. It stays the same for as long as the server is away, so that it is told once. */
	#outage: unknown;
	#closing: Promise<void> | undefined;
	/** Ends an attempt when this is closed. */
	readonly #end = new AbortController();

	/** @throws InvalidOptionError for an option that cannot be used, and where two places are given */
	constructor(place: RedisPlace = {}) {
		const {open, description, isOwn} = resolvePlace(place);
		this.#open = open;
		this.#isOwn = isOwn;
		this.description = description;
	}

	/**
	 * Gives a link to an operation. What goes wrong is told as a `CachedSessionError`.
	 * An operation must ask for something that is answered within seconds, and not wait for anything else. @internal
	 */
	async run<T>(operation: (link: Link) => Promise<T>): Promise<T> {
		if (this.#closing) {
			throw new CachedSessionError('ERR_CACHE_CLOSED', `The cache in ${this.description} is closed`);
		}
		const tick = this.#underWay.enter();
		let link = this.#link;
		try {
			link ??= await this.#firstLink();
			return await operation(link);
		} catch (error) {
			throw this.#toFault(error, link);
		} finally {
			this.#underWay.leave(tick);
		}
	}

	/** Waits for what is under way, though not for long, and closes what was opened here; what comes later rejects with `ERR_CACHE_CLOSED`. May be called more than once. */
	close(): Promise<void> {
		this.#closing ??= this.#close();
		return this.#closing;
	}

	async #close(): Promise<void> {
		await within(this.#underWay.whenIdle(), CLOSING_PATIENCE, 'something is stuck').catch(() => undefined);
		this.#end.abort();
		this.#underWay.stop();
		clearTimeout(this.#retry);
		this.#link?.release();
		this.#link = undefined;
	}

	async #firstLink(): Promise<Link> {
		if (this.#outage === undefined) {
			if (this.#isOwn) {
				// The time that loading the driver takes says nothing of the server.
				await import('redis');
			}
			this.#began ??= performance.now();
			this.#attempt ??= this.#connect();
			const patience = performance.now() - this.#began > DOUBT ? 0 : PATIENCE;
			await within(this.#attempt, patience, 'no connection yet').catch(() => undefined);
		}
		if (!this.#link) {
			throw new NotConnected(this.#outage === undefined ? 'there is no connection yet' : messageOf(this.#outage));
		}
		return this.#link;
	}

	/** One attempt. Never rejects. */
	async #connect(): Promise<void> {
		let link: Link | undefined;
		try {
			link = await this.#open(error => {
				if (link) {
					this.#noticeBreak(link, error);
				}
			}, this.#end.signal);
			this.#install(link);
		} catch (error) {
			// What a server says is news also after it was away.
			if (this.#outage === undefined || isReply(error)) {
				this.#outage = error;
			}
			this.#tryAgain();
		} finally {
			this.#attempt = undefined;
		}
	}

	#install(link: Link): void {
		const earlier = this.#link;
		if (this.#closing || (earlier?.isUsable && !link.isWhole)) {
			// Nobody needs it any more, or it is no better than what there is.
			link.release();
		} else {
			this.#link = link;
			this.#outage = undefined;
			earlier?.release();
		}
		if (link.isWhole) {
			this.#failures = 0;
		} else {
			this.#noticeBreak(link, undefined);
			this.#tryAgain();
		}
	}

	/** A link of which some works still is used until there is a better one. */
	#noticeBreak(link: Link, error: unknown): void {
		if (link !== this.#link || !this.#isOwn || link.isWhole) {
			return;
		}
		if (link.isUsable) {
			this.#tryAgain();
		} else {
			this.#abandon(link, error);
		}
	}

	/** Lets go of a link, and opens another. */
	#abandon(link: Link | undefined, error: unknown): void {
		if (link === undefined || link !== this.#link || !this.#isOwn) {
			return;
		}
		this.#link = undefined;
		this.#outage = error ?? new Error('the connection was lost');
		link.release();
		this.#tryAgain();
	}

	#tryAgain(): void {
		if (this.#closing || this.#retry) {
			return;
		}
		const pause = Math.min(FIRST_PAUSE * 2 ** this.#failures++, LONGEST_PAUSE);
		const attempt = () => {
			this.#retry = undefined;
			if (!this.#link?.isWhole) {
				this.#attempt ??= this.#connect();
			}
		};
		// Not all processes at once.
		this.#retry = setTimeout(attempt, pause * (0.75 + Math.random() / 2)).unref();
	}

	#toFault(error: unknown, link: Link | undefined): CachedSessionError {
		if (error instanceof CachedSessionError) {
			return error;
		}
		const fault = (reason: string) => new CachedSessionError('ERR_CACHE_FAULT', reason, {cause: error});
		if (link === undefined || !(link.isUsable || isReply(error))) {
			return fault(`${this.description} is not connected: ${messageOf(this.#outage ?? error)}`);
		}
		if (messageOf(error).includes('READONLY')) {
			// It has become a replica: a name, or the Sentinels, may lead to the new master.
			this.#abandon(link, error);
		}
		return fault(`${this.description}: ${messageOf(error)}`);
	}
}

/** Whether it is what a server answered: such messages begin with a code. What befell the connection is told in other words. */
function isReply(error: unknown): boolean {
	return error instanceof Error && /^[A-Z]{3,} /.test(error.message);
}

function messageOf(error: unknown): string {
	return error instanceof Error && error.message ? error.message : String(error);
}
