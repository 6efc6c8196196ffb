import {readFileSync} from 'node:fs';
import process from 'node:process';
import {fileURLToPath} from 'node:url';

const {GOT_PACKAGE = 'got'} = process.env;
const file = fileURLToPath(new URL(`../node_modules/${GOT_PACKAGE}/package.json`, import.meta.url));

/** The version of the got with which the tests run; see `npm run test:matrix`. */
export const GOT_VERSION = (JSON.parse(readFileSync(file, 'utf8')) as {version: string}).version;

/** Its first number: 14, 15 or 16. */
export const GOT_MAJOR = Number.parseInt(GOT_VERSION, 10);
