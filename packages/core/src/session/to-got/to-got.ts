import {create, type Got, type HandlerFunction, Options} from 'got';
import {InvalidOptionError, rejectUnknownOptions} from '../../errors.js';
import type {RequestSettings} from '../../policy/settings.js';
import type {ClientSession} from '../client-session.js';
import {SessionRequest} from '../session-request.js';
import {startCreated} from '../start-request.js';
import {startStream} from '../streams/start-stream.js';
import {HandlerNext} from './handler-next.js';
import {NoCache} from './no-cache.js';
import {OptionsWatch} from './options-watch.js';
import {promiseForGot} from './promise-for-got.js';

/**
 * What the `context` of a request may say to the session, where the request is made with an instance of got that `session.toGot()` gave:
 * `client.get(url, {context: {gotClientCache: {refresh: true}} satisfies CacheContext})`. got itself refuses options that it does not know.
 */
export type CacheContext = {
	/** The cache's settings for this request, and those of mixins. As a whole it replaces what `extend()` gave. */
	readonly gotClientCache?: RequestSettings | undefined;
};

/** An instance of got whose requests go through a session. The handlers of the session's own got come behind the cache, as they do in the session. */
export function makeGot(session: ClientSession): Got {
	const {options: base, handlers, mutableDefaults} = session.got.defaults;
	const watch = new OptionsWatch();
	const options = new Options(undefined, {cache: new NoCache(), hooks: {init: [watch.hook]}}, base);
	return create({options, handlers: [handlerOf(session, watch), ...handlers], mutableDefaults});
}

function handlerOf(session: ClientSession, watch: OptionsWatch): HandlerFunction {
	const handle = (options: Options, next: (options: Options) => unknown): unknown => {
		// What got could not make sense of is its own to refuse.
		if (!watch.isComplete(options)) {
			return next(options);
		}
		const createRequest = () => {
			const request = SessionRequest.around(options, settingsOf(session, options));
			request.upstream = new HandlerNext(next);
			return request;
		};
		return options.isStream ? startStream(session, createRequest) : promiseForGot(startCreated(session, createRequest));
	};
	return handle as HandlerFunction;
}

/** @throws InvalidOptionError for settings that the session does not have */
function settingsOf({requestSettingNames = new Set()}: ClientSession, options: Options): RequestSettings | undefined {
	const given: unknown = (options.context as CacheContext).gotClientCache;
	if (given !== undefined && (typeof given !== 'object' || given === null)) {
		throw new InvalidOptionError('context.gotClientCache', given, 'an object of settings');
	}
	rejectUnknownOptions(given ?? {}, requestSettingNames, '`context.gotClientCache`');
	return options.cache === undefined ? {...given, cache: false} : given;
}
