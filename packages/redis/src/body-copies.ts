/** Copies of fewer bytes are made where Node makes them anyway, and thrown away. */
const SMALLEST = 16 * 1024;

/** Bytes of memory that are kept for the next copies, in all. */
const KEPT = 8 * 1024 * 1024;

/**
 * Copies of bodies that wait to be sent. The memory of large ones is used again: fetching it anew from the system each time, and collecting it as garbage,
 * takes longer than all else that writing costs.
 */
class BodyCopies {
	/** By size, which is a power of two. */
	readonly #free = new Map<number, Buffer[]>();
	#kept = 0;

	/** A copy of bytes. What holds it must be given back with `giveBack`, or is left to the garbage collection. */
	copy(bytes: Uint8Array): Buffer {
		if (bytes.byteLength < SMALLEST) {
			return Buffer.from(bytes);
		}
		const size = 2 ** Math.ceil(Math.log2(bytes.byteLength));
		const free = this.#free.get(size)?.pop();
		if (free) {
			this.#kept -= size;
		}
		const copy = (free ?? Buffer.allocUnsafeSlow(size)).subarray(0, bytes.byteLength);
		copy.set(bytes);
		return copy;
	}

	/** To be called once, and only when nobody can look at the copy any more. */
	giveBack(copy: Buffer): void {
		const size = copy.buffer.byteLength;
		if (copy.byteLength < SMALLEST || this.#kept + size > KEPT) {
			return;
		}
		this.#kept += size;
		const whole = Buffer.from(copy.buffer, 0, size);
		const free = this.#free.get(size);
		free ? free.push(whole) : this.#free.set(size, [whole]);
	}
}

/** Shared by all backends of a process, so that the bound holds for all of them together. */
export const bodyCopies = new BodyCopies();
