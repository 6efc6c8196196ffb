import {LRUCache} from 'lru-cache';

/**
 * Which names carry credentials. What belongs here: names, and why they are listed. What does not: what is done about them (`identity`, `redaction`).
 *
 * Two users must never share a record, so header names are taken for credentials by pattern, not only by a list of known ones: one too many costs a hit,
 * one too few hands over somebody else's answer. For cookies it is the other way round: all of them count, except names that vendors have reserved for
 * something that says nothing about the user.
 */

/** Ends of names that hold a secret, in headers and in query parameters. */
const secretWords =
	'auth(?:entication|ori[sz]ation)' +
	'|(?:token|secret|password|passwd|passphrase|credentials?|signature|jwt|assertion|bearer)' +
	'|(?:api|access|secret|auth|apps?|application|subscription|functions?|private|consumer|customer|client|account|user|master|admin|license|insert|query|project|session|mashape|rest)[-_.]?key(?:[-_.]?id)?';

/** Ends of header names that say who asks, or for whom: user, tenant, role, session, TLS client. */
const whoWords =
	'(?:users?|user-?name|account|tenant|customer|org|organi[sz]ation|principal|subject|team|workspace)(?:[-_]?(?:id|name|e-?mail|uuid))?' +
	'|(?:e-?mail|groups?|roles?|client-?id|sid|on-behalf-of|act-as|sudo|session(?:-?id)?)' +
	'|client[-_]?(?:cert(?:ificate)?(?:-chain)?|(?:s-)?dn)';

const credentialHeader = new RegExp(
	`(?:${secretWords})$|(?:^|[-_])(?:${whoWords})$|(?:^|[-_])auth[-_]|(?:^|[-_])auth$|^x-amzn-oidc-|^x-jfrog-art-api$`,
);

/** They change from page to page or from request to request, or come from a browser (`sec-fetch-user`), and say nothing about the user. */
const notCredentialHeader = /csrf|xsrf|requestverificationtoken|captcha|^postman-token$|^sec-/;

/**
 * Whether a request header (given in lower case) is a credential, so that its value is part of the identity. `cookie` is not one of them: cookies count one by one.
 *
 * They are: `authorization`, `proxy-authorization` and other names with `auth` as a word (`x-auth-token`, `x-auth-email`); names that end in `token`, `secret`,
 * `password`, `credential`, `signature`, `jwt`, `assertion`, `api-key`, `access-key`, `app-key`, `subscription-key` and the like (`x-api-key`, `apikey`,
 * `x-goog-api-key`, `x-rapidapi-key`, `ocp-apim-subscription-key`, `private-token`, `x-amz-security-token`); names that end in a user, tenant, role or session
 * (`x-forwarded-user`, `x-tenant-id`, `x-scope-orgid`, `openai-organization`, `impersonate-user`, `x-session-id`, `cf-access-client-id`); and those in which a proxy hands on
 * a TLS client (`client-cert` of RFC 9440, `x-forwarded-client-cert`). CSRF tokens are not.
 */
export function isCredentialHeader(name: string): boolean {
	let isCredential = knownHeaders.get(name);
	if (isCredential === undefined) {
		isCredential = credentialHeader.test(name) && !notCredentialHeader.test(name);
		knownHeaders.set(name, isCredential);
	}
	return isCredential;
}

/** A program sends few different headers, and asks about each of them with every request. */
const knownHeaders = new LRUCache<string, boolean>({max: 256});

/**
 * Cookies that are no part of the identity, by their purpose; `*` stands for any end of the name. Names are told apart by case, and may have the prefix `__Host-` or `__Secure-`.
 * Only names that belong to one product are listed, never a session, a login, a language, a consent or an experiment, which may change the answer.
 */
export const TRANSIENT_COOKIES = {
	/** Which machine answers: AWS, Azure, Google Cloud, Oracle Cloud, Cloudflare, F5, HAProxy, ingress-nginx, Barracuda. */
	loadBalancers: [
		...['AWSALB', 'AWSALBCORS', 'AWSALBTG', 'AWSALBTGCORS', 'AWSALBAPP-*', 'AWSELB', 'AWSELBCORS'],
		...['ARRAffinity', 'ARRAffinitySameSite', 'ApplicationGatewayAffinity', 'ApplicationGatewayAffinityCORS'],
		...['GCLB', 'X-Oracle-BMC-LBS-Route', '__cflb', 'BIGipServer*', 'SERVERID', 'INGRESSCOOKIE'],
		...['BNI__BARRACUDA_LB_COOKIE', 'BNI_persistence'],
	],
	/** Whether a human asks: Cloudflare, Akamai, Imperva, HUMAN, DataDome, Kasada, AWS WAF, Sucuri, DDoS-Guard. */
	botChecks: [
		...['__cf_bm', '_cfuvid', '__cfruid', '__cfduid', 'cf_clearance', 'cf_chl_*'],
		...['_abck', 'ak_bmsc', 'bm_mi', 'bm_sv', 'bm_sz', 'bm_s', 'bm_so', 'bm_ss', 'bm_lso'],
		...['incap_ses_*', 'visid_incap_*', 'nlbi_*', 'reese84', '___utmvc', '___utmvm', '___utmva', '___utmvb'],
		...['_px', '_px2', '_px3', '_pxde', '_pxhd', '_pxvid', 'pxcts', 'datadome', 'KP_UIDz', 'KP_UIDz-ssn'],
		...['aws-waf-token', 'sucuri_cloudproxy_uuid_*', '__ddg1_', '__ddg2_', '__ddg5_', '__ddg8_', '__ddg9_'],
		...['__ddg10_', '__ddgid_', '__ddgmark_'],
	],
	/** Tokens against forged requests: Angular and Laravel, Django, Express, Flask, Rails, ASP.NET. */
	csrf: [
		...['XSRF-TOKEN', 'CSRF-TOKEN', 'X-CSRF-TOKEN', 'csrftoken', 'csrf_token', 'csrf-token', 'csrf', 'xsrf'],
		...['_csrf', '_csrf_token', '_csrf-token', '_xsrf', '_gorilla_csrf'],
		...['__RequestVerificationToken*', '.AspNetCore.Antiforgery.*'],
	],
	/** Who reads how much, told to others: Google, Meta, Hotjar, Microsoft, Matomo, Mixpanel, Segment, Amplitude, HubSpot, Yandex, Baidu, Adobe, Snowplow and more. */
	analytics: [
		...['_ga', '_ga_*', '_gid', '_gat', '_gat_*', '_gac_*', '_gcl_*', '__gads', '__gpi', '__eoi'],
		...['__utma', '__utmb', '__utmc', '__utmt', '__utmt_*', '__utmv', '__utmx', '__utmxx', '__utmz', '_fbp', '_fbc'],
		...['_hjSession_*', '_hjSessionUser_*', '_hjid', '_hjFirstSeen', '_hjAbsoluteSessionInProgress', '_hjTLDTest'],
		...['_hjIncludedInSessionSample*', '_hjIncludedInPageviewSample', '_clck', '_clsk', '_uetsid', '_uetvid'],
		...['ai_session', 'ai_user', '_pk_id.*', '_pk_ses.*', '_pk_ref.*', '_pk_cvar.*', '_pk_hsr.*', 'mp_*_mixpanel'],
		...['ajs_anonymous_id', 'amplitude_id_*', '__hstc', '__hssc', '__hssrc', 'hubspotutk', '_ym_uid', '_ym_d'],
		...['_ym_isad', '_ym_visorc', '_ym_visorc_*', 'Hm_lvt_*', 'Hm_lpvt_*', 'AMCV_*', 'AMCVS_*', 's_cc', 's_sq'],
		...['s_vi', '_sp_id.*', '_sp_ses.*', '_dd_s', '__qca', '_ttp', '_scid', '_pin_unauth', '_rdt_uuid', '_mkto_trk'],
		...['_cb', '_chartbeat2', '_parsely_visitor', '_parsely_session', 'ph_*_posthog', 'has_js'],
	],
} as const satisfies Record<string, readonly string[]>;

const transientCookie = new RegExp(
	`^(?:__Host-|__Secure-)?(?:${Object.values(TRANSIENT_COOKIES).flat().map(toPattern).join('|')})$`,
);

/** Whether a cookie is one of {@link TRANSIENT_COOKIES}, or F5's `TS` followed by hexadecimal digits. */
export function isTransientCookie(name: string): boolean {
	return transientCookie.test(name) || /^TS[\da-f]{6,8}(?:_\d+)?$/.test(name);
}

function toPattern(name: string): string {
	return name.replace(/[.\\+?^$()[\]{}|]/g, '\\$&').replaceAll('*', '.*');
}

const secretParam = new RegExp(
	`(?:${secretWords}|(?:^|[-_.[])(?:auth|pass|pwd|sig|sessid|sessionid|session[-_]id))\\]?$|^(?:appid|hapikey|googleaccessid|samlresponse|samlrequest|appsecret[-_]proof|ticket|hdnts|hdnea|__token__|otp|phpsessid|oauth_verifier)$`,
	'i',
);

/** Places in a list, which look like secrets by name. */
const positionParam = /(?:page|next|prev|previous|continuation|sync|cursor|skip|resume|start|starting)[-_.]?token$/i;

/** Names that mean a secret at some services (Google, Azure Functions) and something harmless at most others. */
const doubtfulParam = /^(?:key|code|sid|sign|session|state)$/i;
const SECRET_LENGTH = 16;

/**
 * Whether a query parameter (its name decoded) holds a secret, which must not be listed: the names of OpenTelemetry's `url.full` (`sig`, `Signature`, `AWSAccessKeyId`,
 * `X-Goog-Signature`), and names that end like those of credential headers (`access_token`, `api_key`, `client_secret`, `password`, `X-Amz-Signature`).
 * `key`, `code`, `sid`, `sign`, `session` and `state` are taken for secrets when the value has 16 characters or more. Places in a list (`pageToken`) are none.
 */
export function isSecretParam(name: string, value: string): boolean {
	return secretParam.test(name) ? !positionParam.test(name) : value.length >= SECRET_LENGTH && doubtfulParam.test(name);
}
