import {sampleResponse} from '@got-client-cache/contract';
import {afterEach, beforeEach, describe, expect, it, jest} from '@jest/globals';
import {tableStatements} from '../src/table-statements.js';
import {RawDatabase} from './raw-database.js';
import {temporaryPlace} from './temporary-place.js';
import {spyOnDriver} from './tested-driver.js';

const place = temporaryPlace();
const sql = tableStatements('responses');

describe('the plans of the statements', () => {
	let raw: RawDatabase;

	beforeEach(async () => {
		const {path: file, responses} = place.open(place.path('plans'));
		await responses.size();
		raw = await RawDatabase.open(file);
	});

	afterEach(() => raw.close());

	const planOf = async (statement: string) =>
		(await raw.query(`EXPLAIN QUERY PLAN ${statement}`)).map(({detail}) => String(detail)).join('\n');

	it.each(['contains', 'touch', 'delete', 'deleteVersion'] as const)('%s finds its record by the key', async name => {
		expect(await planOf(sql[name])).toMatch(
			/^SEARCH responses USING (COVERING )?INDEX sqlite_autoindex_responses_1 \(key=\?\)/,
		);
	});

	it.each([1, 2, 64])('read of %d finds records by their keys, and bodies by their ids', async count => {
		const lines = (await planOf(sql.read(count)))
			.split('\n')
			.filter(line => / (responses|responses_small_body) /.test(line));
		expect(lines).toEqual([
			'SEARCH responses USING INDEX sqlite_autoindex_responses_1 (key=?)',
			'SEARCH responses_small_body USING INTEGER PRIMARY KEY (rowid=?) LEFT-JOIN',
		]);
	});

	it('what was used longest ago is found by an index, without sorting', async () => {
		const plan = await planOf('SELECT id, used, cost, large FROM responses ORDER BY used, id LIMIT 200');
		expect(plan).toBe('SCAN responses USING INDEX responses_used');
	});

	it.each(['keys', 'keysBetween'] as const)('%s reads a range of the index of keys alone', async name => {
		expect(await planOf(sql[name])).toMatch(
			/^SEARCH responses USING COVERING INDEX sqlite_autoindex_responses_1 \(key>\?/,
		);
	});

	it('entries reads a range of keys, in their order', async () => {
		const plan = await planOf(sql.entries);
		expect(plan).toMatch(/^SEARCH responses USING INDEX sqlite_autoindex_responses_1 \(key>\?\)$/);
	});

	it('deleteExpired reads a range of the index of expirations', async () => {
		expect(await planOf(sql.deleteExpired)).toMatch(
			/SEARCH responses USING COVERING INDEX responses_expires \(expires<\?\)/,
		);
	});

	it('size counts in an index', async () => {
		expect(await planOf(sql.size)).toMatch(/^SCAN responses USING COVERING INDEX/);
	});

	it.each(['contains', 'keys', 'keysBetween', 'entries', 'touch', 'size'] as const)(
		'%s goes nowhere near a body',
		async name => {
			expect(await planOf(sql[name])).not.toContain('responses_small_body');
		},
	);
});

describe('statements', () => {
	afterEach(() => {
		jest.restoreAllMocks();
	});

	it('are prepared once, on one connection', async () => {
		const prepare = spyOnDriver('prepare');
		const {responses, redirects} = place.open(place.path('prepared'));
		const use = async () => {
			await responses.write('a.1', sampleResponse(), Buffer.from('x'));
			await Promise.all([responses.read('a.1'), responses.read('a.2'), redirects.read('a.1')]);
			await responses.bulkDelete(Array.from({length: 700}, (_, index) => `k.${index}`));
			await responses.bulkDelete(['k.1', 'k.2']);
		};
		await use();
		const connections = new Set(prepare.mock.contexts);
		prepare.mockClear();
		await use();
		await use();
		expect(prepare).not.toHaveBeenCalled();
		expect(connections.size).toBe(1);
	});

	it('open the database once when many begin at the same time', async () => {
		const prepare = spyOnDriver('prepare');
		const {responses, redirects} = place.open(place.path('once'));
		await Promise.all(
			Array.from({length: 20}, (_, index) =>
				index % 2 ? responses.write(`a.${index}`, sampleResponse(), Buffer.from('x')) : redirects.size(),
			),
		);
		expect(new Set(prepare.mock.contexts).size).toBe(1);
		expect(await responses.size()).toBe(10);
	});
});
