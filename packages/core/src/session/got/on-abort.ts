/**
 * Calls back once when a signal is aborted, at once where it is, unless another signal is aborted before.
 * Of several listeners on one target, Node takes away only the last for sure through `addEventListener`'s own option `signal`: the others it may forget, and a signal that lives long would hold them all.
 */
export function onAbort(signal: AbortSignal, callback: () => void, until: AbortSignal): void {
	if (until.aborted) {
		return;
	}
	if (signal.aborted) {
		callback();
		return;
	}
	const forget = () => signal.removeEventListener('abort', listener);
	const listener = () => {
		until.removeEventListener('abort', forget);
		callback();
	};
	signal.addEventListener('abort', listener, {once: true});
	until.addEventListener('abort', forget, {once: true});
}
