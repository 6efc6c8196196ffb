import {describe, expect, it} from '@jest/globals';
import {isCredentialHeader} from '../../src/backend/credential-fields.js';

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
