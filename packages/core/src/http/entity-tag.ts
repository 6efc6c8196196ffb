/** Entity tags and their two comparisons (RFC 9110 §8.8.3). */

const STRONG = /^"[\x21\x23-\x7E\x80-\xFF]*"$/;

/** One member of a list of entity tags: a tag, or (from senders that leave out the quotes) anything up to the next comma or white space. */
const LISTED_TAG = /(?:W\/)?"[^"]*"|[^\s,]+/g;

/** Whether a tag is strong and has the form of one: a sign for exactly these bytes (RFC 9110 §8.8.1). */
export function isStrongTag(tag: string | undefined): tag is string {
	return tag !== undefined && STRONG.test(tag);
}

/** Whether two tags stand for the same bytes: both strong, and the same (RFC 9110 §8.8.3.2, https://www.rfc-editor.org/rfc/rfc9110#section-8.8.3.2). */
export function matchesStrongly(a: string | undefined, b: string | undefined): boolean {
	return isStrongTag(a) && a === b;
}

/** Whether two tags are the same but for weakness (RFC 9110 §8.8.3.2). Tags without quotes are compared as they are. */
export function matchesWeakly(a: string, b: string): boolean {
	return opaqueTag(a) === opaqueTag(b);
}

/** The tags of an `If-None-Match`; `'*'`: any (RFC 9110 §13.1.2). */
export function listedTags(value: string): readonly string[] | '*' {
	return value.trim() === '*' ? '*' : (value.match(LISTED_TAG) ?? []);
}

function opaqueTag(tag: string): string {
	return tag.startsWith('W/') ? tag.slice(2) : tag;
}
