import {describe, expect, it} from '@jest/globals';
import {isTransientCookie, TRANSIENT_COOKIES} from '../../src/backend/credential-fields.js';

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
