import {sampleResponse} from '@got-client-cache/contract';
import {describe, expect, it} from '@jest/globals';
import {BytesBody, type CacheRecord} from 'got-client-cache';
import {MAX_BYTES, MAX_RECORD_BYTES, MAX_RECORDS, RecentReads} from '../src/recent-reads.js';

const recordOf = (size: number): CacheRecord => ({
	metadata: sampleResponse(),
	version: 'v',
	body: new BytesBody(new Uint8Array(size)),
});

const record = recordOf(10);
const now = Symbol('now');
const later = Symbol('later');

/** Twice: what is read once is not remembered. */
function rememberTwice(reads: RecentReads, key: string, found: CacheRecord, textSize: number, state?: symbol): void {
	reads.remember(key, found, textSize, state);
	reads.remember(key, found, textSize, state);
}

/** In the state `now`. */
function fill(reads: RecentReads, count: number, size: number): string[] {
	const keys = Array.from({length: count}, (_, index) => `a.${index}`);
	reads.get('', now);
	for (const key of keys) {
		rememberTwice(reads, key, recordOf(size), 100, now);
	}
	return keys.filter(key => reads.get(key, now));
}

describe('RecentReads', () => {
	it('gives the very record that was read in the same state', () => {
		const reads = new RecentReads();
		expect(reads.get('a.1', now)).toBeUndefined();
		rememberTwice(reads, 'a.1', record, 100, now);
		expect(reads.get('a.1', now)).toBe(record);
		expect(reads.get('a.2', now)).toBeUndefined();
	});

	it('does not remember what is read once, and knows in another state what was read before', () => {
		const reads = new RecentReads();
		reads.get('a.1', now);
		reads.remember('a.1', record, 100, now);
		expect(reads.get('a.1', now)).toBeUndefined();
		reads.get('a.1', later);
		reads.remember('a.1', record, 100, later);
		expect(reads.get('a.1', later)).toBe(record);
	});

	it.each([
		['another state', later],
		['no known state', undefined],
	])('forgets everything in %s, for good', (_, state) => {
		const reads = new RecentReads();
		fill(reads, 3, 10);
		expect(reads.get('a.1', state)).toBeUndefined();
		expect(reads.get('a.2', now)).toBeUndefined();
	});

	it('does not remember what was read in an older state, or in none', () => {
		const reads = new RecentReads();
		reads.get('a.1', now);
		reads.get('a.1', later);
		rememberTwice(reads, 'a.1', record, 100, now);
		expect(reads.get('a.1', later)).toBeUndefined();
		reads.get('a.1', undefined);
		rememberTwice(reads, 'a.1', record, 100, undefined);
		expect(reads.get('a.1', undefined)).toBeUndefined();
		rememberTwice(reads, 'a.1', record, 100, later);
		expect(reads.get('a.1', later)).toBeUndefined();
	});

	it('holds no more bytes than it may, those used last', () => {
		const kept = fill(new RecentReads(), 200, 60_000);
		expect(kept).toHaveLength(Math.floor(MAX_BYTES / (60_000 + 1105)));
		expect(kept).toContain('a.199');
		expect(kept).not.toContain('a.0');
	});

	it('holds no more records than it may', () => {
		expect(fill(new RecentReads(), MAX_RECORDS + 100, 0).length).toBe(MAX_RECORDS);
	});

	it('does not hold a record that is too big, body and metadata together', () => {
		expect(fill(new RecentReads(), 1, MAX_RECORD_BYTES - 1000)).toEqual([]);
		expect(fill(new RecentReads(), 1, MAX_RECORD_BYTES - 1200)).toEqual(['a.0']);
		const reads = new RecentReads();
		reads.get('a.1', now);
		rememberTwice(reads, 'a.1', record, MAX_RECORD_BYTES, now);
		expect(reads.get('a.1', now)).toBeUndefined();
	});
});
