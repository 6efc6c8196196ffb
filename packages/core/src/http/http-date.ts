/**
 * Dates of HTTP, in the three forms of RFC 9110 §5.6.7 and no other: `Date.parse` takes much more than those, and then means something else
 * from one runtime to the next.
 */

const MONTHS = ['jan', 'feb', 'mar', 'apr', 'may', 'jun', 'jul', 'aug', 'sep', 'oct', 'nov', 'dec'];
const DAY = '(?:Mon|Tue|Wed|Thu|Fri|Sat|Sun)';
const LONG_DAY = '(?:Mon|Tues|Wednes|Thurs|Fri|Satur|Sun)day';
const MONTH = `(?<month>${MONTHS.join('|')})`;
const TIME = '(?<hour>\\d\\d):(?<minute>\\d\\d):(?<second>\\d\\d)';

const IMF_FIXDATE = new RegExp(`^${DAY}, (?<day>\\d\\d) ${MONTH} (?<year>\\d{4}) ${TIME} GMT$`, 'i');
const RFC_850 = new RegExp(`^${LONG_DAY}, (?<day>\\d\\d)-${MONTH}-(?<year>\\d\\d) ${TIME} GMT$`, 'i');
const ASCTIME = new RegExp(`^${DAY} ${MONTH} (?<day>\\d\\d| \\d) ${TIME} (?<year>\\d{4})$`, 'i');

interface DateParts {
	readonly year: number;
	/** From 0. */
	readonly month: number;
	readonly day: number;
	readonly hour: number;
	readonly minute: number;
	readonly second: number;
}

/**
 * The time of an HTTP date in epoch milliseconds, or `undefined` where the text is none (RFC 9110 §5.6.7, https://www.rfc-editor.org/rfc/rfc9110#section-5.6.7).
 * Case makes no difference, as caches are told to read dates so (RFC 9111 §4.2); that the weekday is the right one is not checked. A leap second counts as the second after it.
 *
 * @param now - Epoch milliseconds, by which the two-digit year of the oldest form is understood: never more than 50 years ahead. Without it that form is none.
 */
export function parseHttpDate(text: string, now?: number): number | undefined {
	const groups = (IMF_FIXDATE.exec(text) ?? ASCTIME.exec(text))?.groups;
	if (groups) {
		return timeOf(partsOf(groups));
	}
	const shortYear = now === undefined ? undefined : RFC_850.exec(text)?.groups;
	return shortYear && timeOf(withFullYear(partsOf(shortYear), now!));
}

/** A time in the preferred form, in whole seconds: `Sun, 06 Nov 1994 08:49:37 GMT`. `time` is in epoch milliseconds, of the years 0 to 9999. */
export function formatHttpDate(time: number): string {
	return new Date(time).toUTCString();
}

function partsOf({year, month, day, hour, minute, second}: Record<string, string>): DateParts {
	return {
		year: Number(year),
		month: MONTHS.indexOf(month!.toLowerCase()),
		day: Number(day),
		hour: Number(hour),
		minute: Number(minute),
		second: Number(second),
	};
}

/** Puts a two-digit year into the latest century in which the date is at most 50 years ahead of `now`. */
function withFullYear(parts: DateParts, now: number): DateParts {
	const latest = new Date(now);
	latest.setUTCFullYear(latest.getUTCFullYear() + 50);
	const year = Math.floor(latest.getUTCFullYear() / 100) * 100 + parts.year;
	const candidate = {...parts, year};
	return utc(candidate) > latest.getTime() ? {...parts, year: year - 100} : candidate;
}

function timeOf(parts: DateParts): number | undefined {
	const leapSecond = parts.second === 60 && parts.minute === 59 && parts.hour === 23;
	if (parts.hour > 23 || parts.minute > 59 || (parts.second > 59 && !leapSecond)) {
		return undefined;
	}
	const midnight = new Date(utc({...parts, hour: 0, minute: 0, second: 0}));
	// A day that its month does not have comes out as one of the next month.
	return midnight.getUTCDate() === parts.day ? utc(parts) : undefined;
}

/** As `Date.UTC`, which takes the years 0 to 99 for 1900 to 1999. */
function utc({year, month, day, hour, minute, second}: DateParts): number {
	const date = new Date(0);
	date.setUTCFullYear(year, month, day);
	date.setUTCHours(hour, minute, second);
	return date.getTime();
}
