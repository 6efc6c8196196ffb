/** Deeper JSON is left as it is: the scanner calls itself, and a fixed limit keeps its answer independent of the stack that is left. */
const MAX_DEPTH = 200;

/** Longer JSON is left as it is, as in requests-cache: sharing a record is not worth stopping the event loop for. In UTF-16 code units. */
const MAX_LENGTH = 10 * 1024 * 1024;

/**
 * JSON text in one spelling: without white space, object members sorted by name, escapes in strings as `JSON.stringify` writes them.
 * Arrays keep their order, and numbers their digits: none passes through a JavaScript number, so 9007199254740993 stays what it is, and 1.0 is not 1.
 *
 * Members whose path is in `ignored` are left out: `ts` is a member of the outermost object, `meta.ts` the member `ts` of its member `meta`.
 * The elements of an array have the array's own path. A plain name is not looked for deeper down.
 *
 * Returns `undefined` for what has no canonical form: text that is not JSON, an object with two members of one name, JSON that is too deep or too long.
 */
export function canonicalJson(text: string, ignored: ReadonlySet<string> | undefined): string | undefined {
	return text.length <= MAX_LENGTH && isJson(text) ? new JsonScanner(text, ignored).value(undefined, 0) : undefined;
}

function isJson(text: string): boolean {
	try {
		JSON.parse(text);
		return true;
	} catch {
		return false;
	}
}

/** A number, `true`, `false` or `null`. */
const literal = /[-+.\w]+/y;

/** Walks once over text that is known to be JSON. */
class JsonScanner {
	readonly #text: string;
	readonly #ignored: ReadonlySet<string> | undefined;
	#position = 0;

	constructor(text: string, ignored: ReadonlySet<string> | undefined) {
		this.#text = text;
		this.#ignored = ignored;
	}

	/**
	 * The canonical form of the value that begins here, `undefined` where it has none.
	 * @param path - of the member whose value it is, `undefined` outside all objects
	 */
	value(path: string | undefined, depth: number): string | undefined {
		switch (this.#peek()) {
			case '"':
				return this.#string();
			case '{':
				return depth < MAX_DEPTH ? this.#object(path, depth + 1) : undefined;
			case '[':
				return depth < MAX_DEPTH ? this.#array(path, depth + 1) : undefined;
			default:
				return this.#literal();
		}
	}

	#array(path: string | undefined, depth: number): string | undefined {
		const elements: string[] = [];
		while (this.#entersNext(']')) {
			const element = this.value(path, depth);
			if (element === undefined) {
				return undefined;
			}
			elements.push(element);
		}
		return `[${elements.join(',')}]`;
	}

	#object(path: string | undefined, depth: number): string | undefined {
		const members = new Map<string, string>();
		while (this.#entersNext('}')) {
			const name = this.#string();
			const memberPath = this.#ignored ? pathOf(path, name) : '';
			this.#peek();
			this.#position++;
			const value = this.value(memberPath, depth);
			if (value === undefined) {
				return undefined;
			}
			if (this.#ignored?.has(memberPath)) {
				continue;
			}
			if (members.has(name)) {
				return undefined;
			}
			members.set(name, `${name}:${value}`);
		}
		const names = [...members.keys()].sort();
		return `{${names.map(name => members.get(name)).join(',')}}`;
	}

	/** Steps over an opening bracket or a comma. `false`: over the closing bracket. */
	#entersNext(closing: string): boolean {
		if (this.#peek() !== closing) {
			this.#position++;
			if (this.#peek() !== closing) {
				return true;
			}
		}
		this.#position++;
		return false;
	}

	/** A string with its quotes, in the spelling of `JSON.stringify`. */
	#string(): string {
		const start = this.#position;
		let end = this.#text.indexOf('"', start + 1);
		while (this.#isEscaped(end)) {
			end = this.#text.indexOf('"', end + 1);
		}
		this.#position = end + 1;
		const token = this.#text.slice(start, end + 1);
		return token.includes('\\') ? JSON.stringify(JSON.parse(token)) : token;
	}

	/** Whether an odd number of backslashes stands before `position`. */
	#isEscaped(position: number): boolean {
		let first = position;
		while (this.#text[first - 1] === '\\') {
			first--;
		}
		return (position - first) % 2 === 1;
	}

	/** The next character that is not white space; the position is on it. */
	#peek(): string | undefined {
		// Of the characters that may stand here, white space alone is at or below the space.
		while (this.#text.charCodeAt(this.#position) <= 0x20) {
			this.#position++;
		}
		return this.#text[this.#position];
	}

	#literal(): string {
		literal.lastIndex = this.#position;
		const [match] = literal.exec(this.#text)!;
		this.#position = literal.lastIndex;
		return match;
	}
}

function pathOf(parent: string | undefined, quotedName: string): string {
	const name: string = JSON.parse(quotedName);
	return parent === undefined ? name : `${parent}.${name}`;
}
