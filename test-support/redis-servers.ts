import {type ChildProcess, execFile, execFileSync, spawn} from 'node:child_process';
import {once} from 'node:events';
import {mkdtempSync, rmSync, writeFileSync} from 'node:fs';
import {createServer} from 'node:net';
import {tmpdir} from 'node:os';
import path from 'node:path';
import {createInterface} from 'node:readline';
import {promisify} from 'node:util';
import {until} from './until.js';

const run = promisify(execFile);

/** How a server is started. */
export interface RedisServerOptions {
	/** Lines of its configuration, beside those for its port and its data. */
	readonly config?: readonly string[];
	/** Speaks TLS only, with a certificate of an authority of its own. @default false */
	readonly tls?: boolean;
	/** @default a free one */
	readonly port?: number;
}

/** A running redis-server on 127.0.0.1. Its data are in a folder of its own. */
export interface RedisServer extends AsyncDisposable {
	readonly port: number;
	/** `redis://127.0.0.1:<port>`, or `rediss://`. */
	readonly url: string;
	/** The certificate of the authority, where it speaks TLS. */
	readonly ca: string | undefined;
	/** Lets redis-cli speak to it; resolves to what it prints, without the end of line. Rejects where the server answers with an error. */
	cli(...command: readonly string[]): Promise<string>;
	/** Sends it a signal, by its process id. */
	signal(name: 'SIGKILL' | 'SIGSTOP' | 'SIGCONT'): void;
	/** Starts it again, on the same port and without data, after it was killed. */
	restart(): Promise<void>;
	/** Kills it and removes its data. May be called more than once. */
	stop(): Promise<void>;
}

/** @throws Error that says what to install */
function demandPrograms(): void {
	for (const program of ['redis-server', 'redis-cli', 'openssl']) {
		try {
			execFileSync(program, [program === 'openssl' ? 'version' : '--version'], {stdio: 'ignore'});
		} catch (error) {
			const message = `The tests of Redis need ${program} on the PATH: run scripts/ensure-redis.sh, or install redis-server (version 6 or later, with redis-cli) and openssl`;
			throw new Error(message, {cause: error});
		}
	}
}

/** Starts a server. @throws Error that says what to install where there is no redis-server */
export async function startRedis({config = [], tls = false, port}: RedisServerOptions = {}): Promise<RedisServer> {
	demandPrograms();
	const folder = mkdtempSync(path.join(tmpdir(), 'redis-server-'));
	const ownPort = port ?? (await freePort());
	const ca = tls ? await makeCertificates(folder) : undefined;
	const listening = ca ? ['port 0', `tls-port ${ownPort}`, ...tlsConfig(folder)] : [`port ${ownPort}`];
	const file = path.join(folder, 'redis.conf');
	const lines = [...listening, 'bind 127.0.0.1', `dir ${folder}`, 'save ""', 'appendonly no', ...config];
	writeFileSync(file, `${lines.join('\n')}\n`);
	const cliOptions = ['-h', '127.0.0.1', '-p', String(ownPort), ...(ca ? ['--tls', '--cacert', ca.file] : [])];
	const isSentinel = config.some(line => line.startsWith('sentinel '));
	let server: RunningServer | undefined = await launch(file, isSentinel);
	const cli = async (...command: readonly string[]) => {
		const {stdout} = await run('redis-cli', [...cliOptions, ...command]);
		// From 7 on its option -e would say so.
		if (/^[A-Z]{2,} /.test(stdout)) {
			throw new Error(`${command[0]} was refused: ${stdout.slice(0, 1000)}`);
		}
		return stdout.trimEnd();
	};
	const answers = async () => {
		await until(`the redis-server on port ${ownPort} answers`, async () => {
			// One that asks for a password answers, too.
			const {stdout} = await run('redis-cli', [...cliOptions, 'PING']);
			return /PONG|NOAUTH/.test(stdout);
		});
	};
	const stop = async () => {
		await server?.end();
		server = undefined;
		rmSync(folder, {recursive: true, force: true});
	};
	await answers().catch(async error => {
		await stop();
		throw error;
	});
	return {
		port: ownPort,
		url: `${ca ? 'rediss' : 'redis'}://127.0.0.1:${ownPort}`,
		ca: ca?.text,
		cli,
		signal: name => server?.signal(name),
		async restart() {
			await server?.end();
			server = await launch(file, isSentinel);
			await answers();
		},
		stop,
		[Symbol.asyncDispose]: stop,
	};
}

interface RunningServer {
	signal(name: NodeJS.Signals): void;
	end(): Promise<void>;
}

/** Kills the server when this process ends, however it ends: the pipe is closed then. */
const SUPERVISOR = '"$@" > /dev/null 2>&1 & echo $!; cat > /dev/null; kill -9 $! 2> /dev/null';

async function launch(file: string, isSentinel: boolean): Promise<RunningServer> {
	const command = ['redis-server', file, ...(isSentinel ? ['--sentinel'] : [])];
	const shell: ChildProcess = spawn('sh', ['-c', SUPERVISOR, 'sh', ...command], {stdio: ['pipe', 'pipe', 'ignore']});
	const ended = once(shell, 'exit');
	const [line] = await once(createInterface(shell.stdout!), 'line');
	const id = Number(line);
	// A test that fails before it stops its server must not keep the whole run from ending.
	shell.unref();
	return {
		signal(name) {
			try {
				process.kill(id, name);
			} catch {
				// It has ended already.
			}
		},
		async end() {
			shell.ref();
			shell.stdin!.end();
			await ended;
			shell.stdout!.destroy();
		},
	};
}

/** A port of 127.0.0.1 that is free, and whose number plus 10,000 is free as well: there the servers of a cluster talk to each other. */
async function freePort(): Promise<number> {
	for (;;) {
		const port = 20_000 + Math.floor(Math.random() * 25_000);
		if ((await isFree(port)) && (await isFree(port + 10_000))) {
			return port;
		}
	}
}

async function isFree(port: number): Promise<boolean> {
	const server = createServer();
	server.listen(port, '127.0.0.1');
	try {
		await once(server, 'listening');
		server.close();
		await once(server, 'close');
		return true;
	} catch {
		return false;
	}
}

async function makeCertificates(folder: string): Promise<{file: string; text: string}> {
	const at = (name: string) => path.join(folder, name);
	const key = ['-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:prime256v1', '-nodes'];
	const authority = [
		'-x509',
		'-days',
		'2',
		'-subj',
		'/CN=Test Authority',
		'-keyout',
		at('ca.key'),
		'-out',
		at('ca.crt'),
	];
	await run('openssl', ['req', ...key, ...authority]);
	await run('openssl', [
		'req',
		...key,
		'-subj',
		'/CN=127.0.0.1',
		'-keyout',
		at('server.key'),
		'-out',
		at('server.csr'),
	]);
	writeFileSync(at('san.cnf'), 'subjectAltName=IP:127.0.0.1,DNS:localhost\n');
	const signing = [
		'-CA',
		at('ca.crt'),
		'-CAkey',
		at('ca.key'),
		'-CAcreateserial',
		'-days',
		'2',
		'-extfile',
		at('san.cnf'),
	];
	await run('openssl', ['x509', '-req', '-in', at('server.csr'), ...signing, '-out', at('server.crt')]);
	const {stdout} = await run('cat', [at('ca.crt')]);
	return {file: at('ca.crt'), text: stdout};
}

function tlsConfig(folder: string): string[] {
	const at = (name: string) => path.join(folder, name);
	return [
		`tls-cert-file ${at('server.crt')}`,
		`tls-key-file ${at('server.key')}`,
		`tls-ca-cert-file ${at('ca.crt')}`,
		'tls-auth-clients no',
	];
}
