import {type InitHook, Options} from 'got';
import {GOT_MAJOR} from '../got/got-version.js';

/**
 * Watches got make the options of a request, through an `init` hook.
 * got calls its handlers even with options that it has refused, and lets nobody but itself know; and got 14 listens to a `signal` before it calls a handler.
 */
export class OptionsWatch {
	readonly #incomplete = new WeakSet<Options>();

	/** The hook. */
	readonly hook: InitHook = (plain, options) => {
		this.#awaitLast(plain, options);
		if (GOT_MAJOR === 14 && (plain as {isStream?: unknown}).isStream) {
			hideSignal(options);
		}
	};

	/** Whether got has accepted all that it was given. To be asked once a request, first of all. */
	isComplete(options: Options | undefined): options is Options {
		if (options === undefined) {
			return false;
		}
		if (GOT_MAJOR === 14) {
			showSignal(options);
		}
		return options.url !== undefined && !this.#incomplete.has(options);
	}

	// got reads what it was given one by one, in its order: when it reads the last one, it has accepted the others.
	#awaitLast(plain: object, options: Options): void {
		const last = neutral.find(name => Reflect.get(plain, name) === undefined);
		if (last === undefined) {
			return;
		}
		const get = () => void this.#incomplete.delete(options);
		Reflect.deleteProperty(plain, last);
		Object.defineProperty(plain, last, {get, enumerable: true, configurable: true});
		this.#incomplete.add(options);
	}
}

/** Options that got knows, and skips where they are `undefined`. */
const neutral = ['cacheOptions', 'localAddress', 'maxHeaderSize'] satisfies Array<keyof Options>;

const signal = Object.getOwnPropertyDescriptor(Options.prototype, 'signal')!;

function hideSignal(options: Options): void {
	Object.defineProperty(options, 'signal', {get: () => undefined, set: signal.set!, configurable: true});
}

function showSignal(options: Options): void {
	Reflect.deleteProperty(options, 'signal');
}
