import {describe, expect, it} from '@jest/globals';
import {isSecretParam} from '../../src/backend/credential-fields.js';

describe('isSecretParam', () => {
	it.each([
		...[
			'access_token',
			'token',
			'id_token',
			'refresh_token',
			'auth_token',
			'oauth_token',
			'private_token',
			'X-Amz-Security-Token',
		],
		...[
			'api_key',
			'apikey',
			'apiKey',
			'api-key',
			'API_KEY',
			'x-api-key',
			'subscription-key',
			'app_key',
			'user_key',
			'hapikey',
			'appid',
		],
		...['sig', 'signature', 'Signature', 'X-Amz-Signature', 'X-Goog-Signature', 'oauth_signature', 'hmac_signature'],
		...['AWSAccessKeyId', 'X-Amz-Credential', 'X-Goog-Credential', 'GoogleAccessId'],
		...[
			'password',
			'passwd',
			'pwd',
			'pass',
			'user[password]',
			'db.password',
			'secret',
			'client_secret',
			'client_assertion',
		],
		...[
			'auth',
			'authorization',
			'jwt',
			'bearer',
			'credentials',
			'sessionid',
			'session_id',
			'PHPSESSID',
			'SAMLResponse',
			'__token__',
		],
		...['appsecret_proof', 'csrf_token'],
	])('%s is one', name => {
		expect(isSecretParam(name, '1')).toBe(true);
	});

	it.each([
		...[
			'page',
			'q',
			'id',
			'author',
			'tokens',
			'token_count',
			'passenger',
			'signed',
			'design',
			'keyword',
			'monkey',
			'user',
			'',
		],
		...[
			'pageToken',
			'page_token',
			'nextPageToken',
			'next_token',
			'ContinuationToken',
			'continuation-token',
			'syncToken',
			'$skiptoken',
		],
	])('%s is none', name => {
		expect(isSecretParam(name, 'a-value-of-more-than-16-characters')).toBe(false);
	});

	it.each(['key', 'code', 'sid', 'sign', 'session', 'state', 'KEY'])('%s is one when its value is long', name => {
		expect(isSecretParam(name, 'AIzaSyD-0123456')).toBe(false);
		expect(isSecretParam(name, 'AIzaSyD-01234567')).toBe(true);
	});
});
