/** `https`: each of its names reaches TLS on a miss as it does with got, and a hit checks none of them again. */
import {createServer, request as httpsRequest} from 'node:https';
import type {PeerCertificate, TLSSocket} from 'node:tls';
import {describe, expect, it} from '@jest/globals';
import got from 'got';
import {type CachedResponse, CachedSession, type RequestOptions} from '../../../src/index.js';
import {askThreeWays, type Outcome} from '../ask-three-ways.js';
import {listen} from './listen.js';
import {
	CERTIFICATE,
	ENCRYPTED_KEY,
	KEY,
	NO_REVOCATIONS,
	OTHER_CERTIFICATE,
	OTHER_KEY,
	OTHER_PFX,
	PASSPHRASE,
	PFX,
	REVOCATIONS,
} from './localhost-certificate.js';

type Https = NonNullable<RequestOptions['https']>;

const trusting: Https = {certificateAuthority: CERTIFICATE};

/** What a server can tell of the connection. */
interface Seen {
	readonly protocol: string;
	readonly cipher: string;
	readonly algorithms: readonly string[];
	readonly name: string | false;
	readonly client: string;
}

/** A server that says what it sees of each connection, and counts its requests. */
async function startServer() {
	let requests = 0;
	const server = createServer(
		{
			key: KEY,
			cert: CERTIFICATE,
			requestCert: true,
			rejectUnauthorized: false,
			ecdhCurve: 'prime256v1',
			ALPNProtocols: ['http/1.1'],
		},
		(request, response) => {
			requests++;
			const socket = request.socket as TLSSocket & {servername: string | false};
			const {subject} = socket.getPeerCertificate() as Partial<PeerCertificate>;
			const seen: Seen = {
				protocol: socket.getProtocol()!,
				cipher: socket.getCipher().name,
				algorithms: socket.getSharedSigalgs(),
				name: socket.servername,
				client: String(subject?.CN ?? 'nobody'),
			};
			response.end(JSON.stringify(seen));
		},
	);
	const running = await listen(server);
	return Object.assign(running, {
		urlOf: (host: string) => `https://${host}:${running.port}/`,
		count: () => requests,
	});
}

function seenBy({value}: Outcome): Seen {
	return JSON.parse((value as {body: string}).body) as Seen;
}

const once = {retry: {limit: 0}} as const;

/** Everything that `https` knows, with what node:https calls it, and a value under which a connection comes about. */
const all: {[Name in keyof Required<Https>]: [native: string, value: Https[Name]]} = {
	alpnProtocols: ['ALPNProtocols', ['http/1.1']],
	rejectUnauthorized: ['rejectUnauthorized', false],
	checkServerIdentity: ['checkServerIdentity', () => undefined],
	serverName: ['servername', 'localhost'],
	certificateAuthority: ['ca', CERTIFICATE],
	key: ['key', ENCRYPTED_KEY],
	certificate: ['cert', CERTIFICATE],
	passphrase: ['passphrase', PASSPHRASE],
	pfx: ['pfx', PFX],
	ciphers: ['ciphers', 'ECDHE-ECDSA-AES256-GCM-SHA384:TLS_AES_256_GCM_SHA384'],
	honorCipherOrder: ['honorCipherOrder', true],
	minVersion: ['minVersion', 'TLSv1.2'],
	maxVersion: ['maxVersion', 'TLSv1.2'],
	signatureAlgorithms: ['sigalgs', 'ecdsa_secp256r1_sha256'],
	tlsSessionLifetime: ['sessionTimeout', 60],
	dhparam: ['dhparam', 'auto'],
	ecdhCurve: ['ecdhCurve', 'prime256v1'],
	certificateRevocationLists: ['crl', NO_REVOCATIONS],
	secureOptions: ['secureOptions', 0],
};
const natives = Object.values(all).map(([native]) => native);
// One does not come about without the others.
const together = ['key', 'certificate', 'passphrase', 'pfx'] as const;

describe('all names of `https`', () => {
	it('are here', async () => {
		expect(Object.keys(all).sort()).toEqual(Object.keys(got.defaults.options.https).sort());
	});

	it.each(Object.keys(all) as Array<keyof Https>)('%s is handed to node:https as got hands it', async name => {
		await using server = await startServer();
		const given = together.some(each => each === name) ? together : [name];
		const https = Object.fromEntries(
			['certificateAuthority' as const, ...given].map(each => [each, all[each][1]]),
		) as Https;
		const handed: object[] = [];
		const request = ((url: URL, options: Record<string, unknown>, callback: undefined) => {
			handed.push(Object.fromEntries(natives.map(native => [native, options[native]])));
			return httpsRequest(url, options, callback);
		}) as unknown as RequestOptions['request'];
		const {plain, miss, hit} = await askThreeWays(client =>
			client.get(server.urlOf('localhost'), {https, request, ...once}),
		);
		expect([plain, miss, hit].map(seenBy)).toEqual([plain, plain, plain].map(seenBy));
		const [native, value] = all[name];
		expect(handed[0]).toMatchObject({[native]: value});
		expect(handed).toEqual([handed[0], handed[0]]);
	});
});

describe('what a server sees of a miss is what it sees of got', () => {
	it.each<[string, string, Https, Partial<Seen>]>([
		['serverName', '127.0.0.1', {serverName: 'localhost'}, {name: 'localhost'}],
		[
			'ciphers',
			'localhost',
			{ciphers: 'ECDHE-ECDSA-AES256-GCM-SHA384', maxVersion: 'TLSv1.2'},
			{cipher: 'ECDHE-ECDSA-AES256-GCM-SHA384'},
		],
		['maxVersion', 'localhost', {maxVersion: 'TLSv1.2'}, {protocol: 'TLSv1.2'}],
		[
			'signatureAlgorithms',
			'localhost',
			{signatureAlgorithms: 'ecdsa_secp256r1_sha256'},
			{algorithms: ['ECDSA+SHA256']},
		],
		['key and certificate', 'localhost', {key: KEY, certificate: CERTIFICATE}, {client: 'localhost'}],
		[
			'passphrase',
			'localhost',
			{key: ENCRYPTED_KEY, certificate: CERTIFICATE, passphrase: PASSPHRASE},
			{client: 'localhost'},
		],
		['pfx', 'localhost', {pfx: PFX, passphrase: PASSPHRASE}, {client: 'localhost'}],
	])('%s', async (_, host, https, expected) => {
		await using server = await startServer();
		const url = server.urlOf(host);
		const without = await askThreeWays(client => client.get(url, {https: trusting}));
		expect(seenBy(without.miss)).not.toMatchObject(expected);
		const {plain, miss, hit} = await askThreeWays(client => client.get(url, {https: {...trusting, ...https}}));
		expect([plain, miss, hit].map(seenBy)).toEqual([plain, plain, plain].map(seenBy));
		expect(seenBy(hit)).toMatchObject(expected);
		expect(hit.value).toMatchObject({isFromCache: true});
	});
});

/** Options with which no connection comes about. */
const failing: Array<[string, Https]> = [
	['rejectUnauthorized, by default', {}],
	['checkServerIdentity', {...trusting, checkServerIdentity: () => new RangeError('of the check')}],
	['serverName', {...trusting, serverName: 'other.example'}],
	['ciphers', {...trusting, ciphers: 'ECDHE-RSA-AES256-GCM-SHA384', maxVersion: 'TLSv1.2'}],
	['signatureAlgorithms', {...trusting, signatureAlgorithms: 'rsa_pss_rsae_sha256'}],
	['ecdhCurve', {...trusting, ecdhCurve: 'secp384r1'}],
	['minVersion above maxVersion', {...trusting, minVersion: 'TLSv1.3', maxVersion: 'TLSv1.2'}],
	['certificateRevocationLists', {...trusting, certificateRevocationLists: REVOCATIONS}],
	['alpnProtocols', {...trusting, alpnProtocols: ['h9']}],
	['secureOptions', {...trusting, maxVersion: 'TLSv1.2', secureOptions: 0x08000000}],
];

describe('what keeps a connection from coming about', () => {
	it.each(failing)('fails a miss as it fails got, and stores nothing: %s', async (_, https) => {
		await using server = await startServer();
		await using session = new CachedSession();
		const {plain, miss, hit} = await askThreeWays(client => client.get(server.urlOf('localhost'), {https, ...once}), {
			cache: session.cache,
			autoclose: false,
		});
		for (const {error} of [plain, miss, hit]) {
			expect(error).toBeInstanceOf(Error);
			expect([error!.name, error!.code]).toEqual([plain.error!.name, plain.error!.code]);
		}
		expect(server.count()).toBe(0);
		expect(await session.cache.size()).toBe(0);
	});

	it.each(failing)('is not looked at by a hit: %s', async (_, https) => {
		await using server = await startServer();
		await using session = new CachedSession();
		const url = server.urlOf('localhost');
		const miss = await session.get(url, {https: trusting});
		expect(await session.get(url, {https, ...once})).toMatchObject({isFromCache: true, body: miss.body});
		expect(server.count()).toBe(1);
	});
});

describe('a client certificate is part of the key', () => {
	const passphrase = PASSPHRASE;

	it.each<[string, Https, Https]>([
		['certificate', {key: KEY, certificate: CERTIFICATE}, {key: OTHER_KEY, certificate: OTHER_CERTIFICATE}],
		[
			'certificate, as bytes',
			{key: KEY, certificate: Buffer.from(CERTIFICATE)},
			{key: OTHER_KEY, certificate: Buffer.from(OTHER_CERTIFICATE)},
		],
		[
			'certificate, in lists',
			{key: [KEY], certificate: [CERTIFICATE]},
			{key: [OTHER_KEY], certificate: [OTHER_CERTIFICATE]},
		],
		['pfx', {pfx: PFX, passphrase}, {pfx: OTHER_PFX, passphrase}],
		['pfx, in lists', {pfx: [PFX], passphrase}, {pfx: [OTHER_PFX], passphrase}],
	])('as %s', async (_, localhost, another) => {
		await using server = await startServer();
		await using session = new CachedSession();
		const url = server.urlOf('localhost');
		const ask = async (https: Https) => {
			const {body, isFromCache} = (await session.get(url, {https: {...trusting, ...https}})) as CachedResponse<string>;
			return [(JSON.parse(body) as Seen).client, isFromCache];
		};
		for (const isFromCache of [false, true]) {
			expect(await ask({})).toEqual(['nobody', isFromCache]);
			expect(await ask(localhost)).toEqual(['localhost', isFromCache]);
			expect(await ask(another)).toEqual(['another', isFromCache]);
		}
		expect(server.count()).toBe(3);
	});
});
