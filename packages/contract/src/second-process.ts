import {type ChildProcess, fork} from 'node:child_process';
import {once} from 'node:events';
import {existsSync} from 'node:fs';
import path from 'node:path';
import {fileURLToPath, pathToFileURL} from 'node:url';
import type {ContractContext} from './contract-case.js';
import type {HammerOrder} from './hammer.js';
import type {ProcessOrder, ProcessReport} from './process-program.js';

// From `src`, too, it is the built program: what runs it is plain Node.
const PROGRAM = fileURLToPath(new URL('../dist/process-program.js', import.meta.url));

/** Bytes of complaints that are kept. */
const COMPLAINTS = 10_000;

/** A process that has a place open and writes there, until it is done or killed. */
export class SecondProcess {
	readonly #child: ChildProcess;
	readonly #ended: Promise<unknown>;
	readonly #ready: Promise<void>;
	readonly #outcome: Promise<void>;
	#complaints = '';
	#round = -1;
	#onRound: (() => void) | undefined;

	/** Starts it; what it is to do is said by `hammer`. @throws Error where the contract runs from its sources and was not built */
	constructor() {
		if (!existsSync(PROGRAM)) {
			throw new Error(`Build @got-client-cache/contract first (npm run build): second processes run ${PROGRAM}`);
		}
		const child = fork(PROGRAM, [], {stdio: ['ignore', 'ignore', 'pipe', 'ipc'], execArgv: []});
		this.#child = child;
		this.#ended = once(child, 'close').catch(() => undefined);
		child.stderr?.on('data', (data: Buffer) => {
			this.#complaints = `${this.#complaints}${data}`.slice(-COMPLAINTS);
		});
		let onReady: (() => void) | undefined;
		this.#ready = new Promise<void>(resolve => {
			onReady = resolve;
		});
		this.#outcome = new Promise<void>((resolve, reject) => {
			child.on('message', (report: ProcessReport) => {
				switch (report.kind) {
					case 'ready':
						return onReady?.();
					case 'round':
						this.#round = report.round;
						return this.#onRound?.();
					case 'done':
						return resolve();
					case 'failed':
						return reject(new Error(`A second process on the same place failed: ${report.reason}`));
				}
			});
			child.on('error', reject);
			child.on('close', (code, signal) => {
				reject(new Error(`A second process ended early, with ${code ?? signal}: ${this.#complaints.trim()}`));
			});
		});
		this.#outcome.catch(() => undefined);
	}

	/** Has it write, as one of several; resolves when it is done. */
	async hammer({flags: {processModule = ''}, place}: ContractContext, hammer: HammerOrder): Promise<void> {
		await Promise.race([this.#ready, this.#outcome]);
		const order: ProcessOrder = {module: urlOf(processModule), place, hammer};
		this.#child.send(order);
		await this.#outcome;
	}

	/** Resolves when it has written so often. */
	async reaches(round: number): Promise<void> {
		const reached = new Promise<void>(resolve => {
			this.#onRound = () => this.#round >= round && resolve();
		});
		await Promise.race([reached, this.#outcome]);
	}

	/** Ends it at once, whatever it is doing. May be called more than once. */
	async kill(): Promise<void> {
		this.#child.kill('SIGKILL');
		await this.#ended;
	}
}

function urlOf(module: string | URL): string {
	const text = String(module);
	return text.startsWith('file:') ? text : pathToFileURL(path.resolve(text)).href;
}
