/** Shorter than this, some places count it as none, which for most of them means for ever. */
const SHORTEST = 1000;

/** The time from now to a moment, in whole milliseconds: at least a second. @param until epoch milliseconds; `undefined`: there is no such moment */
export function timeToLive(until: number | undefined): number | undefined {
	return until === undefined ? undefined : Math.max(SHORTEST, Math.ceil(until - Date.now()));
}
