/** What becomes of the store, and what the caller gets, after an answer has been judged. */
import {keyOf} from '../backend/key-of.js';
import type {StoredResponse} from '../http/response.js';
import {assertNever} from '../policy/assert-never.js';
import {invalidationsBy} from '../policy/invalidation.js';
import type {CombineVerdict, FreshenVerdict, RefetchVerdict, StoreVerdict, Verdict} from '../policy/judge-response.js';
import {varyValues} from '../policy/vary.js';
import {BytesBody} from '../storage/bytes-body.js';
import {serveAnswer} from './answer-plan.js';
import type {CacheExchange} from './cache-exchange.js';
import type {Decision} from './decision.js';
import type {SharedResponse} from './flights/shared-response.js';
import type {NetworkAnswer} from './judge-answer.js';
import type {SessionResponse} from './session-response.js';
import {keepHops, keepResponse, renewResponse} from './stores/keep-response.js';
import {keepStreamed} from './streams/keep-streamed.js';
import type {KeptBody} from './streams/kept-body.js';

/** What the caller gets, and what of it is good for others who asked the same meanwhile. */
export interface Answer {
	readonly response: SessionResponse;
	readonly shared: SharedResponse | undefined;
	/** The body, where it is being stored while the caller reads it. */
	readonly keeping?: KeptBody | undefined;
}

/** Does what a verdict says. Records that the answer makes invalid go first: what is stored then is newer than it. */
export async function applyVerdict(
	exchange: CacheExchange,
	answer: NetworkAnswer,
	verdict: Exclude<Verdict, RefetchVerdict>,
): Promise<Answer> {
	const {plan, response} = answer;
	await exchange.engine.invalidate(invalidationsOf(exchange, answer, verdict));
	const decision = exchange.decide(plan, {verdict, forwardStatus: response.statusCode});
	const asItCame: SessionResponse = {...response, decision};
	switch (verdict.kind) {
		case 'store':
			return store(exchange, answer, verdict, asItCame);
		case 'skip':
			return {response: asItCame, shared: undefined};
		case 'freshen':
			return freshen(exchange, verdict, decision);
		case 'combine':
			return combine(exchange, answer, verdict, asItCame);
		// The server failed, and what is stored may stand in for it.
		case 'useStored': {
			const found = exchange.needFound();
			return shareable(exchange, await serveAnswer(found, verdict.answer, decision), found.stored, found.vary, true);
		}
		case 'evict':
			await exchange.engine.drop(exchange.needFound().key);
			return {response: asItCame, shared: undefined};
		default:
			return assertNever(verdict);
	}
}

/** What the answer makes invalid, and each redirect on the way to it. */
function invalidationsOf(
	{engine: {settings}}: CacheExchange,
	{chain, response}: NetworkAnswer,
	verdict: Verdict,
): readonly string[] {
	const hops = response.transmission?.hops ?? [];
	const byHops = hops.flatMap((hop, index) => (chain[index] ? invalidationsBy(chain[index], hop, settings) : []));
	return [...byHops, ...(('invalidations' in verdict && verdict.invalidations) || [])];
}

async function store(
	exchange: CacheExchange,
	{plan, hops, chain, request}: NetworkAnswer,
	verdict: StoreVerdict,
	asItCame: SessionResponse,
): Promise<Answer> {
	const {engine, identified} = exchange;
	const {stream} = exchange.request;
	const alsoKeep = () => keepHops(engine, identified, chain, hops, plan);
	const target = verdict.storeAs ?? request;
	const isKeyKnown = target === identified.http && identified.key !== '';
	const targetKey = isKeyKnown ? identified.key : await keyOf(target, engine.settings);
	if (stream && !(asItCame.body instanceof BytesBody)) {
		const keeping = await keepStreamed(engine, targetKey, target, verdict, asItCame, stream, alsoKeep);
		const response = keeping ? {...withPlace(asItCame, keeping.key, verdict), body: keeping.body} : asItCame;
		return {response, shared: undefined, keeping: keeping?.body};
	}
	const key = await keepResponse(engine, targetKey, target, verdict, await asItCame.body.bytes());
	await alsoKeep();
	return shareable(exchange, withPlace(asItCame, key, verdict), verdict.response, verdict.vary);
}

async function freshen(
	exchange: CacheExchange,
	{response: renewed, persist, evict, answer}: FreshenVerdict,
	decision: Decision,
): Promise<Answer> {
	const {engine} = exchange;
	const stored = exchange.needFound();
	// What is gone cannot be read any more.
	const found = evict ? {...stored, body: new BytesBody(await stored.body.bytes())} : stored;
	if (evict) {
		await engine.drop(found.key);
	} else if (persist) {
		await renewResponse(engine, found, renewed);
	}
	const response = await serveAnswer(found, answer, decision, renewed);
	return shareable(exchange, evict ? {...response, cached: undefined} : response, renewed, found.vary);
}

async function combine(
	exchange: CacheExchange,
	{request, response: {body: received}}: NetworkAnswer,
	verdict: CombineVerdict,
	asItCame: SessionResponse,
): Promise<Answer> {
	const {engine} = exchange;
	const found = exchange.needFound();
	const [storedBytes, bytes] = [await found.body.bytes(), await received.bytes()];
	const pieces = verdict.pieces.map(({from, start, end}) =>
		(from === 'stored' ? storedBytes : bytes).subarray(start, end),
	);
	const body = Buffer.concat(pieces);
	const key = verdict.persist ? await keepResponse(engine, found.indexKey, request, verdict, body) : undefined;
	if (verdict.give === 'received') {
		return {response: withPlace(asItCame, key, verdict), shared: undefined};
	}
	const {statusCode, statusMessage, rawHeaders} = verdict.response;
	const whole = {
		...asItCame,
		statusCode,
		statusMessage,
		rawHeaders,
		body: new BytesBody(body),
		stored: verdict.response,
	};
	return shareable(exchange, withPlace(whole, key, verdict), verdict.response, verdict.vary);
}

function withPlace(
	response: SessionResponse,
	key: string | undefined,
	{response: {createdAt, expires}}: StoreVerdict | CombineVerdict,
): SessionResponse {
	return key === undefined ? response : {...response, cached: {key, createdAt, expires}};
}

/**
 * An answer for others too. After redirects, others would have to check the `Vary` of every hop: they look for themselves.
 * @param fields - the request fields that choose it
 */
export function shareable(
	{identified, isOwn}: CacheExchange,
	response: SessionResponse,
	record: StoredResponse,
	fields: readonly string[] | undefined,
	isStandby = false,
): Answer {
	if ((response.transmission?.hops ?? response.redirectUrls).length > 0 || isOwn) {
		return {response, shared: undefined};
	}
	const vary = fields && {fields, values: varyValues(fields, identified.http.headers)};
	return {response, shared: {response, record, vary, isStandby}};
}
