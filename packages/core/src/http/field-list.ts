/** Lists in field values (RFC 9110 §5.6.1): members between commas, where commas in quoted strings are part of a member. */

/** A member of a list of directives: `name`, `name=token` or `name="quoted string"` (RFC 9111 §5.2). */
export interface ListedDirective {
	/** In lower case. */
	readonly name: string;
	/** The argument, without quotes; `undefined` where there is none, or where the member is not {@link isWellFormed}. */
	readonly argument: string | undefined;
	/** Whether the whole member has one of the three forms. */
	readonly isWellFormed: boolean;
}

const TOKEN = "[!#$%&'*+.^_`|~\\dA-Za-z-]+";
const DIRECTIVE = new RegExp(`^(${TOKEN})(?:=(?:(${TOKEN})|"((?:[^"\\\\]|\\\\.)*)"))?$`, 's');
const NAME = new RegExp(`^${TOKEN}`);

/**
 * The members of one field line, without white space at their ends; empty ones are left out.
 * A quote that is not closed hides nothing: from there on, every separator ends a member.
 */
export function splitList(line: string, separator = ','): string[] {
	const members: string[] = [];
	let start = 0;
	let position = 0;
	let hasQuotes = true;
	while (position < line.length) {
		const character = line[position];
		if (character === separator) {
			addMember(members, line.slice(start, position));
			start = position + 1;
		} else if (character === '"' && hasQuotes) {
			const end = endOfQuotedString(line, position);
			hasQuotes = end !== undefined;
			position = end ?? position;
		}
		position++;
	}
	addMember(members, line.slice(start));
	return members;
}

/**
 * The directives of field lines, each line read by itself, so that a broken one hides nothing in the next.
 * A member that starts with a name but goes on wrongly keeps the name, as whoever sent it meant something by it; others are left out.
 */
export function parseDirectives(lines: readonly string[]): ListedDirective[] {
	const directives: ListedDirective[] = [];
	for (const line of lines) {
		for (const member of splitList(line)) {
			const [, name, token, quoted] = DIRECTIVE.exec(member) ?? [];
			if (name !== undefined) {
				const argument = token ?? quoted?.replace(/\\(.)/gs, '$1');
				directives.push({name: name.toLowerCase(), argument, isWellFormed: true});
				continue;
			}
			const start = NAME.exec(member)?.[0];
			if (start !== undefined) {
				directives.push({name: start.toLowerCase(), argument: undefined, isWellFormed: false});
			}
		}
	}
	return directives;
}

/** Whether a text can be a field name, or anything else that is a token (RFC 9110 §5.6.2). */
export function isToken(text: string): boolean {
	return NAME.exec(text)?.[0].length === text.length && text.length > 0;
}

/** A text without white space at its ends (RFC 9110 §5.6.3): by hand, since a regular expression takes quadratic time over a long run of spaces. */
export function trimSpace(text: string): string {
	let start = 0;
	let end = text.length;
	while (isSpace(text[start])) {
		start++;
	}
	while (end > start && isSpace(text[end - 1])) {
		end--;
	}
	return text.slice(start, end);
}

function addMember(members: string[], text: string): void {
	const member = trimSpace(text);
	if (member !== '') {
		members.push(member);
	}
}

/** The position of the quote that closes the one at `start`, or `undefined` where none does. */
function endOfQuotedString(text: string, start: number): number | undefined {
	for (let position = start + 1; position < text.length; position++) {
		if (text[position] === '\\') {
			position++;
		} else if (text[position] === '"') {
			return position;
		}
	}
	return undefined;
}

function isSpace(character: string | undefined): boolean {
	return character === ' ' || character === '\t';
}
