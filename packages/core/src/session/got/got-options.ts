import {type ExtendOptions, Options} from 'got';
import {InvalidOptionError} from '../../errors.js';
import type {RequestSettings} from '../../policy/settings.js';
import type {RequestOptions} from '../session-request.js';

// Whatever got can set on its own options object, it takes as an option.
const settable = Object.entries(Object.getOwnPropertyDescriptors(Options.prototype))
	.filter(([, descriptor]) => descriptor.set !== undefined)
	.map(([name]) => name);

// What got had before, and now refuses, is handed to it as well: an option that has no effect any more must not go unnoticed.
const formerNames = ['auth', 'followRedirects', 'searchParameters'];

// Caching is the session's own; it gives promises, and has no URL.
const notForSessions: ReadonlySet<string> = new Set(['cache', 'cacheOptions', 'isStream', 'url']);

/** The names of the options that a session hands to got. */
export const GOT_OPTION_NAMES: ReadonlySet<string> = new Set(
	[...settable, ...formerNames, 'handlers', 'mutableDefaults'].filter(name => !notForSessions.has(name)),
);

/** The options of a session that are got's. The others may be a mixin's. */
export function pickGotOptions(options: object): ExtendOptions {
	return Object.fromEntries(Object.entries(options).filter(([name]) => GOT_OPTION_NAMES.has(name)));
}

/** The options of a session that are not got's. */
export function omitGotOptions(options: object): Record<string, unknown> {
	return Object.fromEntries(Object.entries(options).filter(([name]) => !GOT_OPTION_NAMES.has(name)));
}

/** One request's options: those for got, and those whose names are in `settingNames`. @throws InvalidOptionError for `isStream` */
export function splitRequestOptions(
	options: RequestOptions,
	settingNames: ReadonlySet<string> | undefined,
): {readonly init: ExtendOptions; readonly settings: RequestSettings | undefined} {
	if ((options as {isStream?: unknown}).isStream) {
		throw new InvalidOptionError(
			'isStream',
			true,
			'undefined: its methods give promises; for a stream, use `session.stream`',
		);
	}
	const entries = Object.entries(options);
	if (!settingNames || !entries.some(([name]) => settingNames.has(name))) {
		return {init: options as ExtendOptions, settings: undefined};
	}
	return {
		init: Object.fromEntries(entries.filter(([name]) => !settingNames.has(name))),
		settings: Object.fromEntries(entries.filter(([name]) => settingNames.has(name))),
	};
}
