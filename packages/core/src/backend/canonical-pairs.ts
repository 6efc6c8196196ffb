/** One `name=value` of a query or a form. */
interface Pair {
	readonly name: string;
	readonly text: string;
}

/**
 * A query or a form in the order of its names, without the `ignored` ones. Pairs with the same name keep their order, and every pair its own spelling:
 * `a` is not `a=`, `%7E` not `~`, `+` not `%20`. Returns `undefined` where ignoring left nothing.
 */
export function canonicalPairs(text: string, ignored: ReadonlySet<string> | undefined): string | undefined {
	if (ignored === undefined && !text.includes('&')) {
		return text;
	}
	const pairs: Pair[] = [];
	let isSorted = true;
	let previous = '';
	for (const piece of text.split('&')) {
		const name = pairName(piece);
		if (!ignored?.has(name)) {
			isSorted &&= previous <= name;
			previous = name;
			pairs.push({name, text: piece});
		}
	}
	if (pairs.length === 0) {
		return undefined;
	}
	if (!isSorted) {
		pairs.sort(byName);
	}
	return pairs.map(pair => pair.text).join('&');
}

/**
 * The name of one `name=value` pair after percent and plus decoding: its UTF-8 bytes as a binary string. It never fails, and two spellings of one name are equal
 * (`%61` and `a`), for if they counted as two names, sorting would lose the order of their values.
 */
export function pairName(pair: string): string {
	const equals = pair.indexOf('=');
	const name = equals === -1 ? pair : pair.slice(0, equals);
	return needsDecoding.test(name) ? decodeName(name) : name;
}

const needsDecoding = /[%+\u0080-\uffff]/;
const escapes = /%([\da-f]{2})/gi;

function decodeName(name: string): string {
	return Buffer.from(name.replaceAll('+', ' '))
		.toString('latin1')
		.replace(escapes, (_, digits: string) => String.fromCharCode(Number.parseInt(digits, 16)));
}

/** In code units, which no locale changes. */
function byName(a: Pair, b: Pair): number {
	return a.name < b.name ? -1 : Number(a.name > b.name);
}
