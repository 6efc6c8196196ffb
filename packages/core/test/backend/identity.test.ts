import {describe, expect, it} from '@jest/globals';
import fc from 'fast-check';
import {ANONYMOUS, identityDigest, ONE_USER} from '../../src/backend/identity.js';
import {keyOf} from '../../src/backend/key-of.js';
import type {KeySettings} from '../../src/backend/key-settings.js';
import type {RequestHeaders} from '../../src/http/headers.js';
import type {HttpRequest} from '../../src/http/request.js';
import {resolveSettings} from '../../src/policy/effective-settings.js';
import type {CacheSettings} from '../../src/policy/settings.js';
import {defaults, get, keyWith} from './key-requests.js';

const who = (request: Partial<HttpRequest>, settings: Partial<KeySettings> = {}) =>
	identityDigest(get(request), {...defaults, ...settings});
const whoHas = (headers: RequestHeaders, settings: Partial<KeySettings> = {}) => who({headers}, settings);
const withCookie = (cookie: string, settings: Partial<KeySettings> = {}) => whoHas({cookie}, settings);

/** Each way of saying who one is, with the user's secret in it. */
const waysToSend: Array<[name: string, request: (secret: string) => Partial<HttpRequest>]> = [
	['Authorization', secret => ({headers: {authorization: `Bearer ${secret}`}})],
	['Authorization in its own case', secret => ({headers: {Authorization: `Bearer ${secret}`}})],
	['Proxy-Authorization', secret => ({headers: {'proxy-authorization': `Basic ${secret}`}})],
	['an API key', secret => ({headers: {'x-api-key': secret}})],
	['an API key in upper case', secret => ({headers: {'X-API-KEY': secret}})],
	['an API key of Google', secret => ({headers: {'x-goog-api-key': secret}})],
	['an API key of RapidAPI', secret => ({headers: {'x-rapidapi-key': secret}})],
	['a token of GitLab', secret => ({headers: {'private-token': secret}})],
	['a session token of AWS', secret => ({headers: {'x-amz-security-token': secret}})],
	['a header with several lines', secret => ({headers: {'x-auth-token': ['a', secret]}})],
	['a cookie', secret => ({headers: {cookie: `sid=${secret}`}})],
	['a cookie in upper case', secret => ({headers: {Cookie: `sid=${secret}`}})],
	['one cookie of several', secret => ({headers: {cookie: `_ga=1; a=2; sid=${secret}`}})],
	['cookies in several lines', secret => ({headers: {cookie: ['a=1', `sid=${secret}`]}})],
	['a cookie without a name', secret => ({headers: {cookie: secret}})],
	['user info', secret => ({url: `https://user:${secret}@example.com/items`})],
	['a user without a password', secret => ({url: `https://${secret}@example.com/items`})],
	['a password without a user', secret => ({url: `https://:${secret}@example.com/items`})],
	[
		'user info beside an Authorization header',
		secret => ({url: `https://user:${secret}@example.com/items`, headers: {authorization: 'Bearer 1'}}),
	],
	['a query parameter', secret => ({url: `https://example.com/items?api_key=${secret}`})],
	['a client certificate', secret => ({clientCertificate: secret})],
	['the bytes of a client certificate', secret => ({clientCertificate: Buffer.from(secret)})],
];

describe('two users', () => {
	describe.each(waysToSend)('who send %s', (_, request) => {
		it.each([
			['without a secret key', {}],
			['with a secret key', {secretKey: 'k'}],
			['with all headers in the key', {includeHeaders: true}],
		] as Array<[string, Partial<KeySettings>]>)('never share a key %s', (_title, settings) => {
			const keys = [request('alice'), request('bob'), request('Alice'), {}].map(each => keyWith(each, settings));
			expect(new Set(keys).size).toBe(keys.length);
			expect(keyWith(request('alice'), settings)).toBe(keys[0]);
		});
	});

	it('never share a key, whatever their secrets', () => {
		const secret = fc.string({unit: fc.constantFrom('a', 'b', '=', ':', '%', '1'), minLength: 1});
		fc.assert(
			fc.property(fc.constantFrom(...waysToSend.slice(0, 14)), secret, secret, ([, request], alice, bob) => {
				expect(keyWith(request(alice)) === keyWith(request(bob))).toBe(alice === bob);
			}),
			{numRuns: 500},
		);
	});

	it('never share a key because one sends as a cookie what the other sends as a header', () => {
		const digests = [
			whoHas({authorization: 'x'}),
			whoHas({'proxy-authorization': 'x'}),
			whoHas({'x-api-key': 'x'}),
			whoHas({'x-auth-token': 'x'}),
			withCookie('authorization=x'),
			withCookie('x'),
			withCookie('cookie=x'),
			who({clientCertificate: 'x'}),
			whoHas({'client-cert': 'x'}),
		];
		expect(new Set(digests).size).toBe(digests.length);
	});

	it('never share a key because of where one value ends and the next begins', () => {
		expect(whoHas({'x-api-key': 'a', 'x-auth-token': 'b'})).not.toBe(whoHas({'x-api-key': 'b', 'x-auth-token': 'a'}));
		expect(withCookie('a=1; b=2')).not.toBe(withCookie('a=1b=2'));
		expect(withCookie('a=1; b=2')).not.toBe(withCookie('a=2; b=1'));
	});
});

describe('identityDigest', () => {
	it('is the same for one user, whatever the case and order of headers', () => {
		expect(whoHas({Authorization: 'Bearer 1', 'X-Api-Key': '2'})).toBe(
			whoHas({'x-api-key': '2', accept: '*/*', authorization: 'Bearer 1'}),
		);
	});

	it('is a constant without credentials', () => {
		expect(who({})).toBe(ANONYMOUS);
		expect(whoHas({accept: '*/*', 'user-agent': 'got', 'x-csrf-token': '1', authorization: undefined})).toBe(ANONYMOUS);
		expect(withCookie('')).toBe(ANONYMOUS);
		expect(who({url: 'https://example.com/@user'})).toBe(ANONYMOUS);
		expect(who({}, {secretKey: 'k'})).toBe(ANONYMOUS);
	});

	it('is 64 hexadecimal digits that do not show the credentials', () => {
		expect(whoHas({authorization: 'Bearer hunter2'})).toMatch(/^[\da-f]{64}$/);
	});

	it('is another one with another secret key', () => {
		const digests = [undefined, 'a', 'b'].map(secretKey => whoHas({authorization: 'x'}, {secretKey}));
		expect(new Set(digests).size).toBe(3);
		expect(whoHas({authorization: 'x'}, {secretKey: Buffer.from('a')})).toBe(digests[1]);
	});

	describe('user info', () => {
		const basic = 'Basic dXNlcjpww6Rzczp3w7ZyZA==';

		it('is the Basic authorization that it stands for', () => {
			const url = 'https://user:p%C3%A4ss%3Aw%C3%B6rd@example.com/items';
			expect(who({url})).toBe(whoHas({authorization: basic}));
			expect(who({url, headers: {authorization: basic}})).toBe(whoHas({authorization: basic}));
			expect(keyWith({url})).toBe(keyWith({headers: {authorization: basic}}));
		});

		it('counts beside an Authorization header that says something else', () => {
			const headers = {authorization: 'Bearer 1'};
			expect(who({url: 'https://user:a@example.com/', headers})).not.toBe(whoHas(headers));
		});

		it('may be malformed', () => {
			expect(who({url: 'https://a%zz:b@example.com/'})).not.toBe(who({url: 'https://a:b@example.com/'}));
		});
	});

	describe('cookies', () => {
		it('count in any order and spacing', () => {
			expect(withCookie('a=1; b=2;c=3')).toBe(withCookie(' c=3;b=2 ; a=1;'));
			expect(whoHas({cookie: ['a=1', 'b=2; c=3']})).toBe(withCookie('c=3; b=2; a=1'));
		});

		it('do not depend on their order when their names differ', () => {
			const cookies = fc.uniqueArray(fc.stringMatching(/^[a-z]{1,4}$/), {minLength: 1});
			const shuffled = cookies.chain(names =>
				fc.tuple(fc.constant(names), fc.shuffledSubarray(names, {minLength: names.length})),
			);
			fc.assert(
				fc.property(shuffled, lists => {
					const [one, other] = lists.map(names => withCookie(names.map(name => `${name}=${name}1`).join('; ')));
					expect(one).toBe(other);
				}),
			);
		});

		it('of one name count in their order', () => {
			expect(withCookie('a=1; a=2')).not.toBe(withCookie('a=2; a=1'));
		});

		it('may have = in their values', () => {
			expect(withCookie('a=b==')).not.toBe(withCookie('a=b='));
			expect(withCookie('a=')).not.toBe(withCookie('b='));
		});

		it('of load balancers, bot checks, CSRF protection and analytics do not count', () => {
			const transient = 'AWSALB=1; __cf_bm=2; XSRF-TOKEN=3; _ga=4; _ga_X=5';
			expect(withCookie(transient)).toBe(ANONYMOUS);
			expect(withCookie(`${transient}; sid=1`)).toBe(withCookie('sid=1'));
			expect(withCookie('_gateway_session=alice')).not.toBe(withCookie('_gateway_session=bob'));
		});
	});

	describe('ignoredParams', () => {
		it.each([
			['a cookie', {cookie: 'theme=1; sid=1'}, {cookie: 'theme=2; sid=1'}, 'theme'],
			['a header', {'x-api-key': '1', authorization: 'x'}, {'x-api-key': '2', authorization: 'x'}, 'X-Api-Key'],
			['all cookies', {cookie: 'sid=1', authorization: 'x'}, {cookie: 'sid=2', authorization: 'x'}, 'Cookie'],
		])('leave out %s', (_, one, other, ignored) => {
			expect(whoHas(one)).not.toBe(whoHas(other));
			expect(whoHas(one, {ignoredParams: [ignored]})).toBe(whoHas(other, {ignoredParams: [ignored]}));
			expect(whoHas(one, {ignoredParams: [ignored]})).not.toBe(ANONYMOUS);
		});

		it('tell cookies apart by case', () => {
			expect(withCookie('sid=1', {ignoredParams: ['SID']})).not.toBe(ANONYMOUS);
		});

		it('leave out user info with authorization', () => {
			const settings = {ignoredParams: ['authorization']};
			expect(who({url: 'https://user:a@example.com/', headers: {authorization: 'x'}}, settings)).toBe(ANONYMOUS);
		});
	});

	describe('identity', () => {
		it('replaces the credentials', () => {
			const alice = whoHas({authorization: 'a', cookie: 'b=c'}, {identity: 'alice'});
			expect(alice).toBe(who({url: 'https://x:y@example.com/', clientCertificate: 'z'}, {identity: 'alice'}));
			expect(alice).not.toBe(who({}, {identity: 'bob'}));
			expect(alice).not.toContain('alice');
			expect(alice).not.toBe(whoHas({}, {identity: 'alice', secretKey: 'k'}));
		});

		it('is never taken for anonymous, for one user or for a digest of credentials', () => {
			const digest = whoHas({authorization: 'a'});
			const identities = [ANONYMOUS, ONE_USER, digest, '', 'credentials', 'false', 'undefined'];
			const results = [digest, who({}), who({}, {identity: false}), ...identities.map(identity => who({}, {identity}))];
			expect(new Set(results).size).toBe(results.length);
		});

		it('may hold what UTF-8 has no bytes for', () => {
			expect(who({}, {identity: '\ud800'})).not.toBe(who({}, {identity: '\ud801'}));
			expect(who({}, {identity: '\ud800'})).not.toBe(who({}, {identity: '\ufffd'}));
		});

		it('false makes all one user, who is not anonymous', () => {
			const settings = {identity: false} as const;
			expect(whoHas({authorization: 'a'}, settings)).toBe(whoHas({cookie: 'b=c'}, settings));
			expect(keyWith({headers: {authorization: 'a'}}, settings)).toBe(keyWith({}, settings));
			expect(keyWith({}, settings)).not.toBe(keyWith({}));
		});
	});
});

describe('sharesAuthorized', () => {
	const shared = {sharesAuthorized: true};

	it('leaves Authorization and user info out', () => {
		expect(whoHas({authorization: 'Bearer a'}, shared)).toBe(ANONYMOUS);
		expect(whoHas({Authorization: 'Bearer a'}, shared)).toBe(ANONYMOUS);
		expect(who({url: 'https://user:pass@example.com/items'}, shared)).toBe(ANONYMOUS);
	});

	it('leaves everything else in', () => {
		const withKey = whoHas({authorization: 'Bearer a', 'x-api-key': '1'}, shared);
		expect(withKey).toBe(whoHas({'x-api-key': '1'}));
		expect(whoHas({'proxy-authorization': 'Basic a'}, shared)).not.toBe(ANONYMOUS);
		expect(withCookie('sid=1', shared)).not.toBe(ANONYMOUS);
	});

	it('is said of a shared cache by RFC 9111 only', () => {
		const request = get({headers: {authorization: 'Bearer a'}});
		const keys = (settings: CacheSettings) => keyOf(request, resolveSettings(settings));
		expect(keys({cacheControl: true, shared: true})).toBe(keyOf(get({}), resolveSettings({})));
		expect(keys({shared: true})).toBe(keys({}));
		expect(keys({cacheControl: true})).toBe(keys({}));
	});
});
