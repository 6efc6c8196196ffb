import {spawnSync} from 'node:child_process';
import {readFileSync} from 'node:fs';
import path from 'node:path';

/**
 * Installs the suite on first use, and again when another edition is wanted than the one that is there.
 * @throws Error where that fails
 */
export function install(folder) {
	const wanted = readJson(path.join(folder, 'package.json')).dependencies['http-cache-tests'];
	const present = readJson(path.join(folder, 'node_modules', 'http-cache-tests', 'package.json'))?.version;
	if (present === wanted) {
		return;
	}
	const {status} = spawnSync('npm', ['ci', '--ignore-scripts', '--no-audit', '--no-fund'], {
		cwd: folder,
		stdio: 'inherit',
		shell: process.platform === 'win32',
	});
	if (status !== 0) {
		throw new Error(`npm ci in ${folder} failed`);
	}
}

function readJson(file) {
	try {
		return JSON.parse(readFileSync(file, 'utf8'));
	} catch (error) {
		if (error.code === 'ENOENT') {
			return undefined;
		}
		throw error;
	}
}
