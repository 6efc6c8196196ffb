import {Options} from 'got';

/**
 * Which got this is. A session does got's work where it describes a request before it is sent, follows stored redirects, and presents stored bodies; there it does what this got does.
 * got does not say its version, but its options tell; a later one counts as the last that is known.
 */
export const GOT_MAJOR: 14 | 15 | 16 = findMajor();

function findMajor(): 14 | 15 | 16 {
	if (!('searchParameters' in Options.prototype)) {
		return 16;
	}
	return 'allowAbsoluteUrls' in Options.prototype ? 15 : 14;
}

/** Whether a header was set by the caller, be it to `undefined`, which got takes from 15 on for the wish to send none. */
export function isHeaderExplicit(options: Options, name: string): boolean {
	// Missing from got 14, and from the types of the others.
	const {isHeaderExplicitlySet} = options as {isHeaderExplicitlySet?: (name: string) => boolean};
	return isHeaderExplicitlySet?.call(options, name) ?? false;
}
