/** What an attempt gives. What it has opened is released when it fails, and as soon as nobody wants its result any more, which makes it fail. */
export async function attempt<T>(signal: AbortSignal, release: () => void, run: () => Promise<T>): Promise<T> {
	signal.addEventListener('abort', release, {once: true});
	try {
		signal.throwIfAborted();
		return await run();
	} catch (error) {
		release();
		throw error;
	} finally {
		signal.removeEventListener('abort', release);
	}
}

/** What a promise gives, if it does so in time. The timer does not keep the process alive. @throws Error with `message` where it does not */
export async function within<T>(promise: Promise<T>, milliseconds: number, message: string): Promise<T> {
	let timer: NodeJS.Timeout | undefined;
	const tooLate = new Promise<never>((_resolve, reject) => {
		timer = setTimeout(() => reject(new Error(message)), milliseconds).unref();
	});
	try {
		return await Promise.race([promise, tooLate]);
	} finally {
		clearTimeout(timer);
	}
}
