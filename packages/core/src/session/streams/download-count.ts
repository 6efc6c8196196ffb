import type {Progress} from 'got';

/** Counts what has been received of a body, as got does. */
export class DownloadCount {
	#transferred = 0;
	#total: number | undefined;

	/** How much that is. */
	get progress(): Progress {
		const [transferred, total] = [this.#transferred, this.#total];
		const percent = total ? transferred / total : total === transferred ? 1 : 0;
		return {percent, transferred, total} as Progress;
	}

	/** The response is there. @param length - its `Content-Length` */
	expect(length: string | undefined): void {
		this.#total = Number(length) || undefined;
	}

	/** So many bytes have come. */
	add(bytes: number): void {
		this.#transferred += bytes;
	}

	/** Nothing more will come. */
	finish(): void {
		this.#total = this.#transferred;
	}
}
