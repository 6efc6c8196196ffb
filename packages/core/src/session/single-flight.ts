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
	/** It failed for everyone. */
	| {readonly kind: 'failed'; readonly error: unknown};

/** A request that is under way, and that others wait for. */
export class Flight<T> {
	/** Settles when the flight ends; never rejects. */
	readonly landing: Promise<Landing<T>>;
	/** How many wait. */
	followers = 0;
	#land!: (landing: Landing<T>) => void;

	constructor() {
		this.landing = new Promise(resolve => {
			this.#land = resolve;
		});
	}

	/** Ends the flight. */
	land(landing: Landing<T>): void {
		this.#land(landing);
	}
}

/** Requests under way, by key: at most one each. */
export class SingleFlight<T> {
	readonly #flights = new Map<string, Flight<T>>();

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

	/** Ends a flight; from now on another may be started. */
	close(key: string, flight: Flight<T>, landing: Landing<T>): void {
		if (this.#flights.get(key) === flight) {
			this.#flights.delete(key);
		}
		flight.land(landing);
	}
}
