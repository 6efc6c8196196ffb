import {createHash} from 'node:crypto';
import type {Argument, Link, Server} from './link.js';

/** Milliseconds that an index lives longer than its longest record: a server that evicts keys by their remaining life evicts it last. */
export const INDEX_MARGIN = 60_000;

/** The end of the life of an index with records that never end, in epoch milliseconds: in the year 2286. It has an end, so that ends can be compared. */
export const ENDLESS = '9999999999999';

/**
 * What must happen in one step and depends on what is there. Bodies never pass through it: that would copy them, and take several times as long.
 *
 * A resource's index is a sorted set of the rests of its keys, by the moment at which the server drops the record (`+inf`: never). It lives for a minute longer
 * than its longest record. Server time is worked out from `PTTL`, not asked for:
 * `TIME` would be one more command that a user must be allowed.
 *
 * KEYS: the record and its index, for `finish` also the unfinished record; for `drop` and `sweep` the index and any number of records.
 * ARGV: the action, the members of the records in the index, and what the action needs.
 */
const SOURCE = `
local function fit(index)
	local last = redis.pcall('ZRANGE', index, -1, -1, 'WITHSCORES')[2]
	if last == 'inf' then
		redis.call('PEXPIREAT', index, '${ENDLESS}')
	elseif last then
		redis.call('PEXPIREAT', index, string.format('%.0f', last + ${INDEX_MARGIN}))
	end
end

local function settle(member, at)
	local call, record, index = redis.call, KEYS[1], KEYS[2]
	local score = at == '' and '+inf' or at
	local filed = redis.pcall('ZADD', index, score, member)
	if type(filed) == 'table' and string.find(filed.err, 'WRONGTYPE', 1, true) then
		call('UNLINK', index)
		filed = redis.pcall('ZADD', index, score, member)
	end
	if type(filed) == 'table' then
		call('UNLINK', record)
		return filed
	end
	if at == '' then
		call('PERSIST', record)
	else
		call('PEXPIREAT', record, at)
		local left = call('PTTL', record)
		if left < 0 then
			call('ZREM', index, member)
		else
			call('ZREMRANGEBYSCORE', index, '-inf', string.format('(%.0f', at - left))
		end
	end
	fit(index)
	return 1
end

local action = ARGV[1]
if action == 'settle' then
	return settle(ARGV[2], ARGV[3])
end
if action == 'touch' then
	if redis.pcall('HGET', KEYS[1], 'v') ~= ARGV[4] then
		return 0
	end
	redis.call('HSET', KEYS[1], 'm', ARGV[5])
	return settle(ARGV[2], ARGV[3])
end
if action == 'finish' then
	if redis.call('HGET', KEYS[3], 'v') ~= ARGV[4] then
		return 0
	end
	redis.call('HSET', KEYS[3], 'm', ARGV[5], 's', ARGV[6])
	redis.call('UNLINK', KEYS[1])
	redis.call('RENAME', KEYS[3], KEYS[1])
	return settle(ARGV[2], ARGV[3])
end
if action == 'remove' then
	local found = redis.pcall('HGET', KEYS[1], ARGV[3])
	if type(found) ~= 'table' and (found or '') ~= ARGV[4] then
		return 0
	end
	redis.pcall('ZREM', KEYS[2], ARGV[2])
	fit(KEYS[2])
	return redis.call('UNLINK', KEYS[1])
end
local changed = 0
for i = 2, #KEYS do
	if action == 'drop' or redis.call('EXISTS', KEYS[i]) == 0 then
		redis.pcall('ZREM', KEYS[1], ARGV[i])
		changed = changed + redis.call('UNLINK', KEYS[i])
	end
end
fit(KEYS[1])
return changed
`;

const DIGEST = createHash('sha1').update(SOURCE).digest('hex');

/**
 * What the script can do: `settle` files a record in its index and sets the lives of both; `touch` and `finish` do so with new metadata, if it is still that version;
 * `remove` removes a record of which a field is still as it was; `drop` removes records; `sweep` takes out of an index what is not there any more.
 */
export type Action = 'settle' | 'touch' | 'finish' | 'remove' | 'drop' | 'sweep';

/** How many records one `drop` or `sweep` may name: Lua's stack bounds it. */
export const SCRIPT_BATCH = 500;

/** The command that runs the script, on a server that has seen it. */
export function scriptCommand(action: Action, keys: readonly string[], parameters: readonly Argument[]): Argument[] {
	return ['EVALSHA', DIGEST, String(keys.length), ...keys, action, ...parameters];
}

/** Runs the script; a server that has not seen it, or has forgotten it, is told it. */
export async function runScript(
	link: Link,
	action: Action,
	keys: readonly [string, ...string[]],
	parameters: readonly Argument[],
): Promise<unknown> {
	const command = scriptCommand(action, keys, parameters);
	try {
		return await link.send(keys[0], command);
	} catch (error) {
		if (!isUnknownScript(error)) {
			throw error;
		}
		return link.send(keys[0], ['EVAL', SOURCE, ...command.slice(2)]);
	}
}

/** Tells a server the script, so that it is known when it is first needed. A server that does not want it says so when it is. */
export async function teachScript({send}: Server): Promise<void> {
	await send(['EVAL', SOURCE, '0']).catch(() => undefined);
}

/** Whether a server does not know the script. */
export function isUnknownScript(error: unknown): boolean {
	return error instanceof Error && error.message.startsWith('NOSCRIPT');
}
