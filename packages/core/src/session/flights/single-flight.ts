import {LRUCache} from 'lru-cache';

/** How a flight ended, for those who waited for it. */
export type Landing<T> =
	/** There is something to share. */
	| {readonly kind: 'shared'; readonly value: T}
	/** The answer is in the store, where everyone finds what is right for it. */
	| {readonly kind: 'stored'}
	/** There is nothing to share: everyone goes alone, at once. */
	| {readonly kind: 'released'}
	/** Whoever flew gave up for reasons of its own: another one takes over. */
	| {readonly kind: 'abandoned'}
	/** It failed for everyone; one that was streamed without having been tried again. */
	| {readonly kind: 'failed'; readonly error: unknown; readonly wasStreamed: boolean};

/** A request that is under way, and that others wait for. */
export class Flight<T> {
	/** Settles when the flight ends; never rejects. */
	readonly landing: Promise<Landing<T>>;
	/** Whether it has ended. */
	hasLanded = false;
	#followers = 0;
	#land!: (landing: Landing<T>) => void;
	#onDeserted: (() => void) | undefined;

	constructor() {
		this.landing = new Promise(resolve => {
			this.#land = resolve;
		});
	}

	/** How many wait, beside the one whose request it is. */
	get followers(): number {
		return this.#followers;
	}

	/** Whether the one whose request it is has left it to those who wait. */
	get isHandedOver(): boolean {
		return this.#onDeserted !== undefined;
	}

	/** One more waits. */
	join(): void {
		this.#followers++;
	}

	/** One does not wait any more. */
	leave(): void {
		this.#followers--;
		if (this.#followers === 0 && !this.hasLanded) {
			this.#onDeserted?.();
		}
	}

	/** The one whose request it is goes, and leaves it to those who wait. @param onDeserted - called when the last of them has gone */
	handOver(onDeserted: () => void): void {
		this.#onDeserted = onDeserted;
	}

	/** Ends the flight. */
	land(landing: Landing<T>): void {
		this.hasLanded = true;
		this.#land(landing);
	}
}

/** Requests under way, by key: at most one each. */
export class SingleFlight<T> {
	/** How many flights have ended so far. */
	landings = 0;
	readonly #flights = new Map<string, Flight<T>>();
	/** The number that {@link landings} was brought to by the last flight for a key. Only recent ones count. */
	readonly #landed = new LRUCache<string, number>({max: 1000});

	/** Whether a flight for a key has ended since there had been `landings`. */
	hasLandedSince(key: string, landings: number): boolean {
		return this.landings > landings && (this.#landed.get(key) ?? 0) > landings;
	}

	/** The flight that is under way for a key. */
	get(key: string): Flight<T> | undefined {
		return this.#flights.get(key);
	}

	/** Starts a flight. There must be none for the key. */
	open(key: string): Flight<T> {
		const flight = new Flight<T>();
		this.#flights.set(key, flight);
		return flight;
	}

	/** Ends a flight, once; from now on another may be started. */
	close(key: string, flight: Flight<T>, landing: Landing<T>): void {
		if (flight.hasLanded) {
			return;
		}
		if (this.#flights.get(key) === flight) {
			this.#flights.delete(key);
		}
		this.#landed.set(key, ++this.landings);
		flight.land(landing);
	}
}
