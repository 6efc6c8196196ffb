import {describe, expect, it} from '@jest/globals';
import {runSteps, type Story} from './run-steps.js';

const page = {headers: {'cache-control': 'max-age=10', etag: '"a"', 'x-a': '1'}, body: 'page'};
const renewed = {headers: {'cache-control': 'max-age=10', etag: '"a"', 'x-a': '2', 'content-length': '4'}};
const other = {headers: {'cache-control': 'max-age=10', etag: '"b"'}};

const stories: Story[] = [
	[
		'is answered from a stored GET',
		{reply: page, sent: {}},
		{method: 'HEAD', sent: false, gives: {statusCode: 200, body: ''}},
	],
	['does not answer a GET', {method: 'HEAD', reply: page, sent: {}}, {sent: {}, gives: {body: 'page'}}],
	[
		'that is asked again brings the stored GET up to date',
		{reply: page, sent: {}},
		{after: 11, method: 'HEAD', reply: renewed, sent: {}, gives: {statusCode: 200, body: ''}},
		{after: 5, sent: false, gives: {body: 'page', headers: expect.objectContaining({'x-a': '2', age: '5'})}},
	],
	[
		'with a 304 does so too, and gives no body',
		{reply: page, sent: {}},
		{
			after: 11,
			method: 'HEAD',
			reply: {...renewed, status: 304},
			sent: {'if-none-match': '"a"'},
			gives: {statusCode: 200, body: ''},
		},
		{after: 5, sent: false, gives: {body: 'page', headers: expect.objectContaining({'x-a': '2'})}},
	],
	[
		'that shows another version makes the stored GET go',
		{reply: page, sent: {}},
		{after: 11, method: 'HEAD', reply: other, sent: {}, gives: {headers: expect.objectContaining({etag: '"b"'})}},
		{reply: {...other, body: 'new'}, sent: {'if-none-match': undefined}, gives: {body: 'new'}},
	],
	[
		'that shows another length makes the stored GET go',
		{reply: page, sent: {}},
		{after: 11, method: 'HEAD', reply: {headers: {...renewed.headers, 'content-length': '5'}}, sent: {}},
		{reply: page, sent: {'if-none-match': undefined}},
	],
	[
		'brings the right variant up to date',
		{headers: {'x-kind': 'a'}, reply: {headers: {...page.headers, vary: 'x-kind'}, body: 'a'}, sent: {}},
		{headers: {'x-kind': 'b'}, reply: {headers: {...page.headers, vary: 'x-kind'}, body: 'b'}, sent: {}},
		{
			after: 11,
			headers: {'x-kind': 'a'},
			method: 'HEAD',
			reply: {status: 304, headers: {...renewed.headers, vary: 'x-kind'}},
			sent: {},
		},
		{after: 5, headers: {'x-kind': 'a'}, sent: false, gives: {body: 'a'}},
		{headers: {'x-kind': 'b'}, sent: {}},
	],
];

describe('HEAD', () => {
	it.each(stories)('%s', (_name, ...steps) => runSteps(steps));
});
