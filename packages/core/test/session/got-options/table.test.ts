import {readFileSync} from 'node:fs';
import {describe, expect, it} from '@jest/globals';
import {GOT_OPTION_NAMES} from '../../../src/session/got/got-options.js';

const page = readFileSync(new URL('../../../../../docs/got-compatibility.md', import.meta.url), 'utf8');

/** What stands in code in the first column of the table under a heading. */
function namesUnder(heading: string): string[] {
	const section = page.split(`## ${heading}\n`)[1]!.split('\n## ')[0]!;
	const rows = section.split('\n').filter(line => line.startsWith('| `'));
	return rows.flatMap(row => [...row.split(' | ', 1)[0]!.matchAll(/`([^`]+)`/g)].map(([, name]) => name!));
}

/** The names of the options of an installed got: whatever can be set, and what `extend()` takes besides. */
async function optionsOf(name: string): Promise<{options: string[]; hooks: string[]}> {
	const {Options} = (await import(name)) as typeof import('got');
	const settable = Object.entries(Object.getOwnPropertyDescriptors(Options.prototype)).filter(([, {set}]) => set);
	return {
		options: [...settable.map(([option]) => option), 'handlers', 'mutableDefaults'],
		hooks: Object.keys(new Options('http://127.0.0.1').hooks),
	};
}

const versions = ['got', 'got-15', 'got-16'];

describe('the tables of docs/got-compatibility.md', () => {
	it.each(versions)('have every option and every hook of %s', async name => {
		const {options, hooks} = await optionsOf(name);
		expect(options.length).toBeGreaterThan(45);
		expect(namesUnder('Every option')).toEqual(expect.arrayContaining(options));
		expect(namesUnder('Hooks')).toEqual(expect.arrayContaining(hooks.map(hook => `hooks.${hook}`)));
	});

	it('have none that no got has, and none twice', async () => {
		const all = (await Promise.all(versions.map(optionsOf))).flatMap(({options}) => options);
		const listed = namesUnder('Every option');
		expect(listed.filter(name => !all.includes(name))).toEqual([]);
		expect(new Set(listed).size).toBe(listed.length);
	});

	it('are about what a session takes', () => {
		const refused = ['cache', 'cacheOptions', 'isStream', 'url'];
		const taken = [...GOT_OPTION_NAMES];
		expect(namesUnder('Every option')).toEqual(expect.arrayContaining(taken));
		expect(taken.filter(name => refused.includes(name))).toEqual([]);
	});
});
