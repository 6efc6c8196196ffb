import {describe, expect, it} from '@jest/globals';
import {parseBackendUrl} from '../../src/backend/backend-url.js';
import {InvalidOptionError} from '../../src/errors.js';

describe('the URL of a backend', () => {
	it.each([
		['memory:', {kind: 'memory', name: undefined}],
		['memory:mine', {kind: 'memory', name: 'mine'}],
		['file:', {kind: 'file', name: undefined}],
		['file:./cache', {kind: 'file', name: './cache'}],
		['file:cache/a b?c#d', {kind: 'file', name: 'cache/a b?c#d'}],
		['file:~/cache', {kind: 'file', name: '~/cache'}],
		['file:/var/cache', {kind: 'file', name: '/var/cache'}],
		['file:///var/my%20cache', {kind: 'file', name: '/var/my cache'}],
		[new URL('file:///var/my%20cache'), {kind: 'file', name: '/var/my cache'}],
		['file:C:\\data\\cache', {kind: 'file', name: 'C:\\data\\cache'}],
		['sqlite:', {kind: 'sqlite', name: undefined}],
		['sqlite:./cache.db', {kind: 'sqlite', name: './cache.db'}],
		['SQLite:cache', {kind: 'sqlite', name: 'cache'}],
		['sqlite::memory:', {kind: 'sqlite', name: ':memory:'}],
		['sqlite:///var/cache.db', {kind: 'sqlite', name: '/var/cache.db'}],
		['sqlite:D:/cache.db', {kind: 'sqlite', name: 'D:/cache.db'}],
		['redis://h', {kind: 'redis', name: undefined, options: {url: 'redis://h'}}],
		[
			'rediss://user:p%40ss@h:6380/2',
			{kind: 'redis', name: undefined, options: {url: 'rediss://user:p%40ss@h:6380/2'}},
		],
		['redis://:p@h/2?name=mine', {kind: 'redis', name: 'mine', options: {url: 'redis://:p@h/2'}}],
		['redis://h?a=1&name=my%20app&b=2', {kind: 'redis', name: 'my app', options: {url: 'redis://h?a=1&b=2'}}],
		['dynamodb://My_Table', {kind: 'dynamodb', name: 'My_Table', options: {}}],
		[
			'dynamodb://t.able/?region=eu-central-1&endpoint=http://127.0.0.1:8000',
			{kind: 'dynamodb', name: 't.able', options: {region: 'eu-central-1', endpoint: 'http://127.0.0.1:8000'}},
		],
	])('%s is understood', (url, expected) => {
		expect(parseBackendUrl(url)).toEqual(expected);
	});

	it.each([
		'',
		'cache',
		'./cache',
		'mysql://user:secret@h/db',
		'user:secret@h',
		'postgres:secret',
		'redis:',
		'redis:secret',
		'redis://',
		'redis://:secret@',
		'redis://h:99999999/secret',
		'redis://:secret@h?name=',
		'redis://:secret@h?name=a&name=b',
		'dynamodb:',
		'dynamodb://',
		'dynamodb://user:secret@table',
		'dynamodb://table:80',
		'dynamodb://%zz',
		'dynamodb://table/secret',
		'dynamodb://table?secret=1',
		'dynamodb://table?region=',
		'dynamodb://table?region=a&region=secret',
		'sqlite://secret/cache.db',
		'file://secret/cache',
		'file:///cache?secret',
		'file:///a%2Fb',
		5,
		undefined,
		null,
	])('%p is refused, without a word of what may be secret', url => {
		const refused = () => parseBackendUrl(url as string);
		expect(refused).toThrow(InvalidOptionError);
		expect(refused).toThrow(/'url'/);
		expect(refused).not.toThrow(/secret/);
	});

	it('is told which forms there are', () => {
		for (const form of ['memory:', 'file:', 'sqlite:', 'redis:', 'rediss:', 'dynamodb:']) {
			expect(() => parseBackendUrl('ftp://h')).toThrow(form);
		}
	});
});
