import fc from 'fast-check';
import type {HttpRequest} from '../../src/http/request.js';
import {sampleRequest} from './samples.js';

const optional = <T>(value: fc.Arbitrary<T>) => fc.option(value, {nil: undefined});

/** A short time. */
export const seconds = fc.integer({min: 0, max: 20});

/** A response of which it is known what it says, in one of the many ways in which it may be said. */
export const said = fc.record({
	maxAge: optional(seconds),
	sMaxage: optional(seconds),
	age: optional(seconds),
	swr: optional(seconds),
	flags: fc.uniqueArray(
		fc.constantFrom(
			'no-store',
			'no-cache',
			'must-revalidate',
			'proxy-revalidate',
			'private',
			'public',
			'immutable',
			'must-understand',
		),
	),
	junk: fc.array(fc.constantFrom('x="max-age=99, public"', 'y', 'max-stale=99', '', 'é', 'z=1')),
	statusCode: fc.constantFrom(200, 203, 206, 302, 404, 500, 503, 599),
	capitals: fc.boolean(),
	isSplit: fc.boolean(),
	hasTag: fc.boolean(),
});

/** What a request may ask for. */
export const asked = fc.record({
	maxAge: optional(seconds),
	maxStale: optional(seconds),
	minFresh: optional(seconds),
	flags: fc.uniqueArray(fc.constantFrom('no-cache', 'only-if-cached')),
	hasTag: fc.boolean(),
	hasRange: fc.boolean(),
});

/** Settings that count with `cacheControl`. */
export const settings = fc.record({
	shared: fc.boolean(),
	staleWhileRevalidate: optional(seconds),
	staleIfError: optional(seconds),
});

/** What a response says. */
export type Said = typeof said extends fc.Arbitrary<infer T> ? T : never;

/** What a request asks for. */
export type Asked = typeof asked extends fc.Arbitrary<infer T> ? T : never;

/** The fields of a response that says this. */
export function rawHeadersOf({maxAge, sMaxage, age, swr, flags, junk, capitals, isSplit, hasTag}: Said): string[] {
	const numbers = Object.entries({'max-age': maxAge, 's-maxage': sMaxage, 'stale-while-revalidate': swr});
	const directives = numbers.flatMap(([name, value]) => (value === undefined ? [] : [`${name}=${value}`]));
	const members = [...junk, ...directives, ...flags].map(member => (capitals ? member.toUpperCase() : member));
	const lines = isSplit ? members : [members.join(', ')];
	return [
		...lines.flatMap(line => ['Cache-Control', line]),
		...(age === undefined ? [] : ['Age', String(age)]),
		...(hasTag ? ['ETag', '"v1"'] : []),
	];
}

/** A request that asks for this. */
export function requestOf({maxAge, maxStale, minFresh, flags, hasTag, hasRange}: Asked): HttpRequest {
	const numbers = Object.entries({'max-age': maxAge, 'max-stale': maxStale, 'min-fresh': minFresh});
	const directives = numbers.flatMap(([name, value]) => (value === undefined ? [] : [`${name}=${value}`]));
	const cacheControl = [...directives, ...flags].join(', ');
	return sampleRequest({
		headers: {
			...(cacheControl && {'cache-control': cacheControl}),
			...(hasTag && {'if-none-match': '"v1"'}),
			...(hasRange && {range: 'bytes=0-1'}),
		},
	});
}
