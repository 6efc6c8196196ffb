import path from 'node:path';
import got from 'got';
import {CachedSession} from '../packages/core/dist/index.js';
import {SQLiteBackend} from '../packages/sqlite/dist/index.js';

/**
 * What can be run, by name. `view`: the tests of a private or a shared cache. `judged`: its failures decide on the exit code; the others are to compare with.
 * `open(folder)` gives `send`, a function of a URL and got options, `faults`, and `close`.
 */
export const columns = {
	'private-memory': {view: 'private', judged: true, open: () => openSession({cacheControl: true, shared: false})},
	'private-sqlite': {
		view: 'private',
		judged: true,
		open: folder => openSession({cacheControl: true, shared: false, cache: sqliteIn(folder)}),
	},
	'shared-memory': {view: 'shared', judged: true, open: () => openSession({cacheControl: true, shared: true})},
	'shared-sqlite': {
		view: 'shared',
		judged: true,
		open: folder => openSession({cacheControl: true, shared: true, cache: sqliteIn(folder)}),
	},
	'settings-memory': {view: 'private', judged: false, open: () => openSession({})},
	'settings-sqlite': {view: 'private', judged: false, open: folder => openSession({cache: sqliteIn(folder)})},
	got: {view: 'private', judged: false, open: () => openGot({})},
	'got-cache': {view: 'private', judged: false, open: () => openGot({cache: new Map()})},
	'got-cache-private': {
		view: 'private',
		judged: false,
		open: () => openGot({cache: new Map(), cacheOptions: {shared: false}}),
	},
	'got-cache-shared': {view: 'shared', judged: false, open: () => openGot({cache: new Map()})},
};

function sqliteIn(folder) {
	return new SQLiteBackend(path.join(folder, 'conformance.sqlite'));
}

function openSession(options) {
	const session = new CachedSession({...options, autoclose: true});
	const faults = [];
	// A fault fails no request, but would show as a bad cache.
	session.on('error', error => faults.push(String(error)));
	return {
		send: (url, gotOptions) => session.request(url, gotOptions),
		faults,
		close: () => session.close(),
	};
}

function openGot(options) {
	// got's own cache keeps a listener for every request, and its store warns of that on the console.
	console.warn = () => {};
	const client = got.extend(options);
	return {send: (url, gotOptions) => client(url, gotOptions), faults: [], close() {}};
}
