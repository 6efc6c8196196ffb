import {renameSync, rmSync, statSync, utimesSync, writeFileSync} from 'node:fs';
import {beforeEach, describe, expect, it} from '@jest/globals';
import {COARSE_PATIENCE, LogWatch, PATIENCE} from '../src/log-watch.js';
import {temporaryPlace} from './temporary-place.js';

const place = temporaryPlace();
const settled = () => new Promise(resolve => setImmediate(resolve));

let log: string;
let now: number;
let passes: number;
let passWriteLock: () => Promise<unknown>;
let watch: LogWatch;

/** Sees the log, waits for so long, and lets what is needed for a state happen. */
async function wait(milliseconds: number): Promise<void> {
	watch.state();
	now += milliseconds;
	watch.settle();
	await settled();
}

beforeEach(() => {
	log = place.path('log');
	writeFileSync(log, 'one');
	now = 5000;
	passes = 0;
	passWriteLock = async () => undefined;
	watch = new LogWatch(
		() => {
			passes++;
			return passWriteLock();
		},
		() => now,
	);
	watch.start(log);
});

describe('a state is given out', () => {
	it('when the log has looked the same for long enough and the lock was passed, and stays', async () => {
		expect(watch.state()).toBeUndefined();
		await wait(PATIENCE - 1);
		expect(watch.state()).toBeUndefined();
		expect(passes).toBe(0);
		await wait(1);
		const state = watch.state();
		expect(state).toEqual(expect.any(Symbol));
		await wait(PATIENCE * 100);
		expect(watch.state()).toBe(state);
		expect(passes).toBe(1);
	});

	it('not before the lock was passed, and what is under way is not begun again', async () => {
		let pass: (() => void) | undefined;
		passWriteLock = () =>
			new Promise<void>(resolve => {
				pass = resolve;
			});
		await wait(PATIENCE);
		await wait(PATIENCE);
		expect(passes).toBe(1);
		expect(watch.state()).toBeUndefined();
		pass?.();
		await settled();
		expect(watch.state()).toBeDefined();
	});

	it('not while another holds the lock, for which it asks once in a while', async () => {
		passWriteLock = () => Promise.reject(new Error('locked'));
		await wait(PATIENCE);
		await wait(PATIENCE - 1);
		expect(passes).toBe(1);
		await wait(1);
		expect(passes).toBe(2);
		expect(watch.state()).toBeUndefined();
		passWriteLock = async () => undefined;
		await wait(PATIENCE);
		expect(watch.state()).toBeDefined();
	});

	it('later where times are whole seconds', async () => {
		utimesSync(log, 1000, 1000);
		await wait(COARSE_PATIENCE - 1);
		expect(passes).toBe(0);
		await wait(1);
		expect(watch.state()).toBeDefined();
	});

	it('never before it is started and never after it is stopped', async () => {
		const idle = new LogWatch(async () => undefined);
		idle.settle();
		expect(idle.state()).toBeUndefined();
		await wait(PATIENCE);
		expect(watch.state()).toBeDefined();
		watch.stop();
		await wait(PATIENCE);
		expect(watch.state()).toBeUndefined();
	});

	it('never on Windows', async () => {
		const {platform} = process;
		Object.defineProperty(process, 'platform', {value: 'win32'});
		try {
			const onWindows = new LogWatch(passWriteLock, () => now);
			onWindows.start(log);
			onWindows.state();
			now += PATIENCE;
			onWindows.settle();
			await settled();
			expect(onWindows.state()).toBeUndefined();
		} finally {
			Object.defineProperty(process, 'platform', {value: platform});
		}
	});
});

describe('a state ends', () => {
	it.each([
		['other bytes of the same length', () => writeFileSync(log, 'two')],
		['more bytes', () => writeFileSync(log, 'three', {flag: 'a'})],
		['no bytes', () => writeFileSync(log, '')],
		[
			'other bytes, and the old time set again',
			() => {
				const {atime, mtime} = statSync(log);
				writeFileSync(log, 'two');
				utimesSync(log, atime, mtime);
			},
		],
		['a change of our own', () => watch.forget()],
	])('with %s, and the next one is another', async (_, change) => {
		// A time that can be set again as it was.
		utimesSync(log, 1000.5, 1000.5);
		await wait(PATIENCE);
		const state = watch.state();
		expect(state).toBeDefined();
		change();
		expect(watch.state()).toBeUndefined();
		await wait(COARSE_PATIENCE);
		const next = watch.state();
		expect(next).toBeDefined();
		expect(next).not.toBe(state);
	});

	it.each([
		['the log', () => writeFileSync(log, 'two')],
		['something of our own', () => watch.forget()],
	])('before it begins when %s is written while the lock is passed', async (_, change) => {
		passWriteLock = async () => change();
		await wait(PATIENCE);
		expect(passes).toBe(1);
		expect(watch.state()).toBeUndefined();
	});

	it.each([
		['is removed', () => rmSync(log)],
		[
			'is replaced by one that looks alike',
			() => {
				const {atime, mtime} = statSync(log);
				writeFileSync(`${log}2`, 'one');
				utimesSync(`${log}2`, atime, mtime);
				renameSync(`${log}2`, log);
			},
		],
	])('for good when the log %s', async (_, change) => {
		await wait(PATIENCE);
		expect(watch.state()).toBeDefined();
		change();
		expect(watch.state()).toBeUndefined();
		writeFileSync(log, 'one');
		await wait(COARSE_PATIENCE);
		await wait(COARSE_PATIENCE);
		expect(watch.state()).toBeUndefined();
	});
});
