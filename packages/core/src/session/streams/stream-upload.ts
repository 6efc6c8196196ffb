import type {Request as GotStream} from 'got';

type Done = () => void;
type Target = Pick<GotStream, 'write' | 'end' | 'emit'>;

/** What a caller writes into its stream, on its way to got's: held back until there is one, and dropped where there never is. */
export class StreamUpload {
	#target: Target | undefined;
	#isDiscarded = false;
	#waiting: Done[] = [];
	readonly #piped: unknown[] = [];

	/** Lets what is written go out with a request of got. */
	connect(target: Target): void {
		this.#target = target;
		for (const source of this.#piped.splice(0)) {
			target.emit('pipe', source);
		}
		this.#go();
	}

	/** Nothing is sent, so that nothing needs to be uploaded. */
	discard(): void {
		this.#isDiscarded ||= this.#target === undefined;
		this.#go();
	}

	/** got takes headers over from what is piped into its stream. */
	notePipe(source: unknown): void {
		if (this.#target) {
			this.#target.emit('pipe', source);
		} else {
			this.#piped.push(source);
		}
	}

	/** What goes wrong while it is sent is got's to say, and it does so better. */
	write(chunk: unknown, encoding: BufferEncoding, done: Done): void {
		this.#whenReady(() => (this.#target ? this.#target.write(chunk, encoding, () => done()) : done()));
	}

	/** The caller has written all. */
	end(done: Done): void {
		this.#whenReady(() => (this.#target ? this.#target.end(() => done()) : done()));
	}

	#whenReady(action: Done): void {
		if (this.#target || this.#isDiscarded) {
			action();
		} else {
			this.#waiting.push(action);
		}
	}

	#go(): void {
		for (const action of this.#waiting.splice(0)) {
			action();
		}
	}
}
