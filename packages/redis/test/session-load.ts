import {setTimeout as sleep} from 'node:timers/promises';
import {CachedSession, type CacheFaultError} from 'got-client-cache';
import type {Origin} from '../../../test-support/origin-server.js';
import type {RedisBackend} from '../src/redis-backend.js';

/** What became of the requests of a load. */
export interface LoadReport {
	/** All that were sent. */
	requests: number;
	/** Those that had the right answer, from the cache or from the network. */
	answered: number;
	hits: number;
	/** Those that rejected, or had a wrong answer. */
	lost: string[];
	/** Milliseconds that the slowest one took. */
	slowest: number;
	faults: CacheFaultError[];
}

/** Sends requests for a few URLs through a session, several at once, until it is told to stop. The origin answers each with its path. */
export class SessionLoad {
	readonly report: LoadReport = {requests: 0, answered: 0, hits: 0, lost: [], slowest: 0, faults: []};
	readonly session: CachedSession;
	readonly #origin: Origin;
	readonly #workers: Array<Promise<void>>;
	#isStopping = false;

	constructor(backend: RedisBackend, origin: Origin) {
		this.session = new CachedSession({cache: backend});
		this.session.on('error', error => this.report.faults.push(error as CacheFaultError));
		this.#origin = origin;
		origin.fallback(({url}) => url);
		this.#workers = Array.from({length: 8}, (_, worker) => this.#work(worker));
	}

	/** Lets the requests that are under way end, and closes the session. */
	async stop(): Promise<LoadReport> {
		this.#isStopping = true;
		await Promise.all(this.#workers);
		await this.session.close();
		return this.report;
	}

	/** How many of the URLs are answered from the cache, when each is asked for twice. */
	async countHits(urls: number): Promise<number> {
		let hits = 0;
		for (let index = 0; index < urls; index++) {
			const url = `${this.#origin.url}/again/${index}`;
			await this.session.get(url);
			hits += Number((await this.session.get(url)).isFromCache);
		}
		return hits;
	}

	async #work(worker: number): Promise<void> {
		for (let round = 0; !this.#isStopping; round++) {
			const path = `/${worker}/${round % 25}`;
			const begin = performance.now();
			this.report.requests++;
			try {
				const {body, isFromCache} = await this.session.get(this.#origin.url + path);
				body === path ? this.report.answered++ : this.report.lost.push(`${path} was answered with ${body}`);
				this.report.hits += Number(isFromCache);
			} catch (error) {
				this.report.lost.push(`${path}: ${error}`);
			}
			this.report.slowest = Math.max(this.report.slowest, performance.now() - begin);
			await sleep(1);
		}
	}
}
