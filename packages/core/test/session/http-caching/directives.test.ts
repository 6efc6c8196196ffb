import {describe, expect, it} from '@jest/globals';
import {runSteps, type Step, type Story, twice} from './run-steps.js';

const HOUR = 3600;

/** An HTTP date so many seconds from now. */
const date = (seconds: number): string => new Date(Date.now() + seconds * 1000).toUTCString();

const responses: Story[] = [
	twice('max-age', {'cache-control': 'max-age=10'}, {isReused: true}),
	twice('max-age that has passed', {'cache-control': 'max-age=2'}, {isReused: false}),
	twice('max-age in capitals, quoted', {'cache-control': 'MAX-AGE="10"'}, {isReused: true}),
	twice('max-age=0', {'cache-control': 'max-age=0'}, {isReused: false}),
	twice('max-age less than Age', {'cache-control': 'max-age=10', age: '9'}, {isReused: false}),
	twice('max-age with an Age that is no number', {'cache-control': 'max-age=10', age: '9.0'}, {isReused: true}),
	twice('s-maxage, which is not for this cache', {'cache-control': 's-maxage=10'}, {isReused: false, after: 1}),
	twice('Expires', {expires: date(10)}, {isReused: true}),
	twice('Expires in the past', {expires: date(-10)}, {isReused: false}),
	twice('Expires that is no date', {expires: '0'}, {isReused: false, after: 0}),
	twice('Expires after a shorter max-age', {expires: date(HOUR), 'cache-control': 'max-age=2'}, {isReused: false}),
	twice('Expires twice', {expires: [date(HOUR), date(HOUR)]}, {isReused: false, after: 0}),
	twice('Last-Modified, an hour ago', {'last-modified': date(-HOUR)}, {isReused: true, after: 350}),
	twice('Last-Modified, an hour ago, later', {'last-modified': date(-HOUR)}, {isReused: false, after: 370}),
	twice('nothing that says how long', {}, {isReused: false, after: 0}),
	twice('no-store', {'cache-control': 'no-store, max-age=10'}, {isReused: false}),
	twice('no-cache', {'cache-control': 'no-cache, max-age=10', etag: '"a"'}, {isReused: false}),
	twice('no-cache for a field', {'cache-control': 'no-cache="x-a", max-age=10'}, {isReused: true}),
	twice('private', {'cache-control': 'private, max-age=10'}, {isReused: true}),
	twice('must-revalidate while fresh', {'cache-control': 'must-revalidate, max-age=10'}, {isReused: true}),
	twice(
		'no-store that is not to be understood',
		{'cache-control': 'no-store, must-understand, max-age=10'},
		{isReused: true},
	),
	twice('Pragma in a response', {pragma: 'no-cache', 'cache-control': 'max-age=10'}, {isReused: true}),
];

const statuses: Story[] = [
	twice('404 with max-age', {'cache-control': 'max-age=10'}, {isReused: true}, 404),
	twice('599 with max-age', {'cache-control': 'max-age=10'}, {isReused: true}, 599),
	twice('404 by guess', {'last-modified': date(-HOUR)}, {isReused: true}, 404),
	twice('403 without a guess', {'last-modified': date(-HOUR)}, {isReused: false}, 403),
	twice('599 that must be understood', {'cache-control': 'must-understand, max-age=10'}, {isReused: false}, 599),
];

const fresh = {'cache-control': 'max-age=10', etag: '"a"'};

const requests: Story[] = [
	twice('max-age that the response meets', fresh, {isReused: true, headers: {'cache-control': 'max-age=5'}}),
	twice('max-age that it does not meet', fresh, {isReused: false, headers: {'cache-control': 'max-age=2'}}),
	twice('min-fresh that it meets', fresh, {isReused: true, headers: {'cache-control': 'min-fresh=5'}}),
	twice('min-fresh that it does not meet', fresh, {isReused: false, headers: {'cache-control': 'min-fresh=8'}}),
	twice('max-stale', fresh, {isReused: true, after: 12, headers: {'cache-control': 'max-stale=5'}}),
	twice('max-stale that is too little', fresh, {isReused: false, after: 20, headers: {'cache-control': 'max-stale=5'}}),
	twice('max-stale without a bound', fresh, {isReused: true, after: 9999, headers: {'cache-control': 'max-stale'}}),
	twice('no-cache', fresh, {isReused: false, headers: {'cache-control': 'no-cache'}}),
	twice('Pragma', fresh, {isReused: false, headers: {pragma: 'no-cache'}}),
	twice('Pragma beside Cache-Control', fresh, {isReused: true, headers: {pragma: 'no-cache', 'cache-control': 'x'}}),
	twice('no-store', fresh, {isReused: false, headers: {'cache-control': 'no-store'}}),
	twice('only-if-cached that is', fresh, {isReused: true, headers: {'cache-control': 'only-if-cached'}}),
	[
		'only-if-cached that is not',
		{headers: {'cache-control': 'only-if-cached'}, sent: false, gives: {statusCode: 504, isFromCache: false}},
	],
	[
		'max-stale against must-revalidate',
		{reply: {headers: {'cache-control': 'max-age=1, must-revalidate'}, body: 'first'}, sent: {}},
		{after: 3, headers: {'cache-control': 'max-stale'}, sent: {}},
	],
	[
		'no-store keeps the answer out of the store',
		{headers: {'cache-control': 'no-store'}, reply: {headers: fresh}, sent: {}},
		{sent: {}},
		{sent: false},
	],
];

const settings: Array<readonly [name: string, options: object, ...steps: Step[]]> = [
	[
		'expireAfter is for what does not say how long',
		{expireAfter: 60},
		{reply: {headers: {'x-a': '1'}}, sent: {}},
		{after: 50, sent: false},
		{after: 20, sent: {}},
	],
	[
		'expireAfter yields to max-age',
		{expireAfter: 60},
		{reply: {headers: {'cache-control': 'max-age=5'}}, sent: {}},
		{after: 6, sent: {}},
	],
	[
		'expireAfter of a request yields to max-age',
		{},
		{reply: {headers: {'cache-control': 'max-age=100'}}, sent: {}},
		{after: 10, options: {expireAfter: 5}, sent: false},
	],
	['a veto is one', {expireAfter: 0}, {reply: {headers: {'cache-control': 'max-age=5'}}, sent: {}}, {sent: {}}],
	[
		'readOnly stores nothing',
		{readOnly: true},
		{reply: {headers: {'cache-control': 'max-age=5'}}, sent: {}},
		{sent: {}},
	],
];

describe('with cacheControl', () => {
	it.each(responses)('a response: %s', (_name, ...steps) => runSteps(steps));
	it.each(statuses)('a status: %s', (_name, ...steps) => runSteps(steps));
	it.each(requests)('a request: %s', (_name, ...steps) => runSteps(steps));
	it.each(settings)('%s', (_name, options, ...steps) => runSteps(steps, options));
});

describe('Age', () => {
	const reply = {headers: {'cache-control': 'max-age=100', age: '7'}, body: 'first'};
	it.each<Story>([
		[
			'is counted on, in place of the one that came',
			{reply, sent: {}, gives: {headers: expect.objectContaining({age: '7'})}},
			{after: 5, sent: false, gives: {headers: expect.objectContaining({age: '12'})}},
		],
	])('%s', (_name, ...steps) => runSteps(steps));

	it('is given once, also among the raw fields, and without cacheControl', () =>
		runSteps(
			[
				{reply: {headers: {age: '7', 'x-a': 'b'}, body: ''}, sent: {}},
				{after: 5, sent: false, gives: {headers: expect.objectContaining({age: '12', 'x-a': 'b'})}},
			],
			{cacheControl: false},
		));
});
