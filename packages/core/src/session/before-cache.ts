import {type Options, RequestError} from 'got';
import {type RawHeaders, toIncomingHeaders, withoutFields} from '../http/headers.js';
import type {HttpResponse} from '../http/response.js';
import {isPromise} from '../storage/awaitable.js';

type Hook = (response: object) => unknown;

/** A response as the `beforeCache` hooks want it kept. */
export type Hooked<R extends HttpResponse> = R & {
	/** A hook gave `false`: nothing of it is to be stored. */
	readonly isRefused?: true;
};

/**
 * Runs got's `beforeCache` hooks on what came from the network. As in got 16, they change what is stored; who caused the request gets the server's own words.
 * @param native - got's own object, for hooks that look at more than the head
 * @throws got's RequestError for a hook that throws, or that gives anything but `false` and `undefined`
 */
export function runBeforeCache<R extends HttpResponse>(response: R, options: Options, native?: object): Hooked<R> {
	const hooks = options.hooks.beforeCache as readonly Hook[];
	if (hooks.length === 0) {
		return response;
	}
	const {statusCode, statusMessage, rawHeaders} = response;
	const headers = toIncomingHeaders(rawHeaders);
	const view = Object.assign(native === undefined ? {} : Object.create(native, ownHead), {
		statusCode,
		statusMessage,
		headers: structuredClone(headers),
	});
	for (const hook of hooks) {
		if (isRefusedBy(hook, view, options)) {
			return {...response, isRefused: true};
		}
	}
	const changed = changedFields(headers, view.headers);
	return {
		...response,
		statusCode: view.statusCode,
		statusMessage: view.statusMessage,
		rawHeaders: changed.size === 0 ? rawHeaders : withFields(rawHeaders, changed),
	};
}

// got's own object has setters of its own for some of these.
const own: PropertyDescriptor = {value: undefined, writable: true, enumerable: true, configurable: true};
const ownHead: PropertyDescriptorMap = {statusCode: own, statusMessage: own, headers: own};

function isRefusedBy(hook: Hook, view: object, options: Options): boolean {
	try {
		const result = hook(view);
		if (isPromise(result)) {
			throw new TypeError('A `beforeCache` hook must be synchronous; it returned a promise');
		}
		if (result !== undefined && result !== false) {
			throw new TypeError(
				'A `beforeCache` hook must return `false`, or nothing; to change the response, change the object that it gets',
			);
		}
		return result === false;
	} catch (error) {
		const cause = error as Error;
		throw error instanceof RequestError ? error : new RequestError(cause.message, cause, options);
	}
}

type Fields = Record<string, string | readonly string[] | undefined>;

/** The fields that are not what they were, with what they are: nothing for those that are gone. */
function changedFields(before: Fields, after: Fields): Map<string, readonly string[]> {
	const changed = new Map<string, readonly string[]>();
	for (const name of new Set([...Object.keys(before), ...Object.keys(after)])) {
		if (String(before[name]) !== String(after[name])) {
			changed.set(name.toLowerCase(), [after[name] ?? []].flat().map(String));
		}
	}
	return changed;
}

function withFields(rawHeaders: RawHeaders, changed: ReadonlyMap<string, readonly string[]>): string[] {
	const added = [...changed].flatMap(([name, lines]) => lines.flatMap(line => [name, line]));
	return [...withoutFields(rawHeaders, new Set(changed.keys())), ...added];
}
