import {GOT_MAJOR} from '../got/got-version.js';
import type {ResponsePromise} from '../response-promise.js';

type Listen = (event: never, listener: (...args: never[]) => void) => unknown;

/** The members of got's promises, which a handler's promise gets from got unless it has them. got's own throw where nothing was sent. */
interface OwnMembers {
	json(): Promise<unknown>;
	text(): Promise<string>;
	buffer(): Promise<unknown>;
	on: Listen;
	once: Listen;
	off: Listen;
}

/** A promise for a handler of got to return, with members of its own that read the session's. */
export function promiseForGot(inner: ResponsePromise<unknown>): Promise<unknown> {
	const outer = inner.then(value => value) as Promise<unknown> & OwnMembers;
	const listen =
		(method: 'on' | 'once' | 'off'): Listen =>
		(event, listener) => {
			inner[method](event, listener);
			return outer;
		};
	const parse = (method: 'json' | 'text' | 'buffer') => () => {
		// Who reads the body hears of the failure from that.
		outer.catch(() => undefined);
		return inner[method]();
	};
	const members = {
		json: parse('json'),
		text: parse('text'),
		buffer: parse('buffer'),
		on: listen('on'),
		once: listen('once'),
	};
	Object.assign(outer, members);
	if (GOT_MAJOR === 14) {
		const cancel = () => (inner.cancel as unknown as () => void).call(inner);
		// The last thing that got 14 does with it is to put a `cancel` there, which does not work in this place. By then `off` is got's.
		const set = () => {
			endWith(inner, outer.off);
			outer.off = listen('off');
		};
		Object.defineProperty(outer, 'cancel', {get: () => cancel, set, configurable: true});
	} else {
		outer.off = listen('off');
	}
	return outer;
}

/**
 * Lets got 14's request end with the session's, although it may never have been sent: it listens to the caller's signal, and nobody would hear its rejection.
 * @param off - got's own, which it has put on a promise that had none: it returns the promise that it belongs to
 */
function endWith(inner: Promise<unknown>, off: Listen | undefined): void {
	const native = off?.('response' as never, () => undefined) as (Promise<unknown> & {cancel?(): void}) | undefined;
	if (native) {
		const end = () => native.cancel?.();
		native.catch(() => undefined);
		inner.then(end, end);
	}
}
