import {describe, it} from '@jest/globals';
import {runSteps, type Story} from './run-steps.js';

const by = (vary: string, body: string) => ({headers: {'cache-control': 'max-age=60', vary}, body});

const stories: Story[] = [
	[
		'two variants are kept beside each other',
		{headers: {'accept-language': 'de'}, reply: by('Accept-Language', 'de'), sent: {}},
		{headers: {'accept-language': 'en'}, reply: by('Accept-Language', 'en'), sent: {}},
		{headers: {'accept-language': 'de'}, sent: false, gives: {body: 'de'}},
		{headers: {'accept-language': 'en'}, sent: false, gives: {body: 'en'}},
	],
	[
		'the same said otherwise is the same',
		{headers: {'accept-language': 'de, en;q=0.5'}, reply: by('Accept-Language', 'de'), sent: {}},
		{headers: {'accept-language': 'DE ,en;q=0.50'}, sent: false, gives: {body: 'de'}},
	],
	[
		'a field that is missing is not an empty one of another request',
		{reply: by('X-Kind', 'none'), sent: {}},
		{headers: {'x-kind': 'some'}, reply: by('X-Kind', 'some'), sent: {}, gives: {body: 'some'}},
		{sent: false, gives: {body: 'none'}},
	],
	['* is never reused', {reply: by('*', 'any'), sent: {}}, {sent: {}}],
	[
		'of several lines all count',
		{headers: {'x-kind': ['a', 'b']}, reply: by('X-Kind', 'ab'), sent: {}},
		{headers: {'x-kind': 'a, b'}, sent: false, gives: {body: 'ab'}},
		{headers: {'x-kind': 'a'}, reply: by('X-Kind', 'a'), sent: {}, gives: {body: 'a'}},
	],
	[
		'a stale variant is validated by its own tag',
		{headers: {'x-kind': 'a'}, reply: {headers: {...by('X-Kind', '').headers, etag: '"a"'}, body: 'a'}, sent: {}},
		{headers: {'x-kind': 'b'}, reply: {headers: {...by('X-Kind', '').headers, etag: '"b"'}, body: 'b'}, sent: {}},
		{
			after: 61,
			headers: {'x-kind': 'a'},
			reply: {status: 304, headers: {etag: '"a"', 'cache-control': 'max-age=60'}},
			sent: {'if-none-match': '"a"'},
			gives: {body: 'a'},
		},
		{after: 50, headers: {'x-kind': 'a'}, sent: false, gives: {body: 'a'}},
	],
];

describe('Vary', () => {
	it.each(stories)('%s', (_name, ...steps) => runSteps(steps));
});
