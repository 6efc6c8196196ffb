import {describe, expect, it} from '@jest/globals';
import {
	isCredentialHeader,
	isSecretParam,
	isTransientCookie,
	TRANSIENT_COOKIES,
} from '../../src/backend/credential-fields.js';

describe('isCredentialHeader', () => {
	it.each([
		...['authorization', 'proxy-authorization', 'x-authorization', 'x-original-authorization', 'authentication'],
		...[
			'x-api-key',
			'api-key',
			'apikey',
			'x-apikey',
			'x-goog-api-key',
			'x-rapidapi-key',
			'dd-api-key',
			'x-redmine-api-key',
		],
		...['x-cmc_pro_api_key', 'dd-application-key', 'x-app-key', 'x-functions-key', 'ocp-apim-subscription-key'],
		...[
			'x-mbx-apikey',
			'x-access-key',
			'x-secret-key',
			'x-mashape-key',
			'x-parse-rest-api-key',
			'x-insert-key',
			'cb-access-key',
		],
		...[
			'x-auth-token',
			'x-access-token',
			'x-amz-security-token',
			'x-shopify-access-token',
			'x-vault-token',
			'x-plex-token',
		],
		...[
			'private-token',
			'x-gitlab-token',
			'job-token',
			'circle-token',
			'x-subscription-token',
			'x-figma-token',
			'x-id-token',
		],
		...[
			'x-auth-key',
			'x-auth-email',
			'x-auth-user',
			'x-auth',
			'x-auth-request-user',
			'x-jwt',
			'x-jwt-assertion',
			'token',
		],
		...['cf-access-client-id', 'cf-access-client-secret', 'cf-access-jwt-assertion', 'x-goog-iap-jwt-assertion'],
		...['x-amzn-oidc-data', 'x-amzn-oidc-identity', 'x-ms-client-principal', 'x-ms-client-principal-id', 'signature'],
		...[
			'x-forwarded-user',
			'x-forwarded-email',
			'x-forwarded-groups',
			'x-remote-user',
			'remote-user',
			'x-user-id',
			'x-user',
		],
		...[
			'x-goog-authenticated-user-email',
			'x-consumer-username',
			'api-username',
			'impersonate-user',
			'impersonate-group',
			'sudo',
		],
		...[
			'x-tenant-id',
			'x-scope-orgid',
			'openai-organization',
			'x-account-id',
			'x-honeycomb-team',
			'client-id',
			'x-jfrog-art-api',
		],
		...['x-session-id', 'x-session', 'mcp-session-id', 'x-sid', 'x-on-behalf-of'],
		...[
			'client-cert',
			'client-cert-chain',
			'x-forwarded-client-cert',
			'x-arr-clientcert',
			'x-ssl-client-cert',
			'ssl-client-s-dn',
		],
	])('%s is one', name => {
		expect(isCredentialHeader(name)).toBe(true);
	});

	it.each([
		...[
			'accept',
			'accept-encoding',
			'accept-language',
			'user-agent',
			'x-amz-user-agent',
			'content-type',
			'content-length',
			'host',
		],
		...[
			'cookie',
			'referer',
			'origin',
			'cache-control',
			'if-none-match',
			'range',
			'date',
			'x-request-id',
			'traceparent',
			'connection',
		],
		...['x-csrf-token', 'x-xsrf-token', 'csrf-token', 'x-csrftoken', 'requestverificationtoken', 'x-recaptcha-token'],
		...[
			'postman-token',
			'idempotency-key',
			'sec-websocket-key',
			'sec-fetch-user',
			'x-author',
			'x-forwarded-for',
			'x-requested-with',
		],
	])('%s is none', name => {
		expect(isCredentialHeader(name)).toBe(false);
	});
});

describe('isTransientCookie', () => {
	it.each([
		...[
			'AWSALB',
			'AWSALBCORS',
			'AWSALBAPP-0',
			'ARRAffinity',
			'ARRAffinitySameSite',
			'GCLB',
			'BIGipServerpool_web',
			'SERVERID',
		],
		...[
			'__cf_bm',
			'_cfuvid',
			'cf_clearance',
			'_abck',
			'bm_sz',
			'ak_bmsc',
			'incap_ses_123_456',
			'visid_incap_1',
			'_px3',
			'datadome',
		],
		...['TS01a2b3c4', 'TS01a2b3c4_77', 'aws-waf-token'],
		...[
			'XSRF-TOKEN',
			'csrftoken',
			'_csrf',
			'__Host-csrf',
			'__Secure-XSRF-TOKEN',
			'.AspNetCore.Antiforgery.9TtSrW0hzOs',
		],
		...['__RequestVerificationToken', '__RequestVerificationToken_L2FwcA2'],
		...[
			'_ga',
			'_ga_ABC123',
			'_gid',
			'_gat',
			'_gat_UA-1',
			'__utma',
			'__utmz',
			'_fbp',
			'_hjSession_1',
			'_pk_id.1.2',
			'mp_1a_mixpanel',
		],
	])('%s is one', name => {
		expect(isTransientCookie(name)).toBe(true);
	});

	it.each([
		...[
			'sid',
			'session',
			'JSESSIONID',
			'PHPSESSID',
			'connect.sid',
			'_gh_sess',
			'ASP.NET_SessionId',
			'.AspNetCore.Cookies',
		],
		...['MRHSession', 'NSC_AAAC', 'ajs_user_id', 'remember_token', 'token', 'lang', 'currency', 'OptanonConsent', ''],
		// They only begin, end or look like one.
		...[
			'_gateway_session',
			'_gas',
			'_garage',
			'my_ga',
			'AWSALBx',
			'XAWSALB',
			'_csrf_session',
			'_px_user',
			'_hjwt',
			'TSession',
			'TS01',
		],
		...['_pk_idx1', 'xAspNetCore.Antiforgery.1', 'AWSALB\nsid', 'aws_alb', 'awsalb', '__Host-sid'],
	])('%s is none', name => {
		expect(isTransientCookie(name)).toBe(false);
	});

	it('knows every name of the list, and no name twice', () => {
		const names: string[] = Object.values(TRANSIENT_COOKIES).flat();
		expect(names.filter(name => !isTransientCookie(name.replaceAll('*', 'x')))).toEqual([]);
		expect(new Set(names).size).toBe(names.length);
	});
});

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
