import {createHash} from 'node:crypto';
import type {Argument, Link, Server} from './link.js';

/**
 * What must happen in one step and depends on what is there. Large bodies do not pass through it: that would copy them, and take several times as long.
 *
 * A resource's index is a sorted set of the rests of its keys, by the moment at which the server drops the record (`+inf`: never). It lives for a minute longer
 * than its longest record, so that a server that evicts keys by their remaining life evicts it last. Server time is worked out from `PTTL`, not asked for:
 * `TIME` would be one more command that a user must be allowed. What is refused where memory is full comes first, so that nothing is done by halves.
 *
 * KEYS: the record and its index, for `finish` also the unfinished record; for `drop` and `sweep` the index and any number of records.
 * ARGV: the action, the members of the records in the index, and what the action needs.
 */
const SOURCE = `
local call = redis.call

local function file(member, at)
	local score = at == '' and '+inf' or at
	local filed = redis.pcall('ZADD', KEYS[2], score, member)
	if type(filed) == 'table' and string.find(filed.err, 'WRONGTYPE', 1, true) then
		call('UNLINK', KEYS[2])
		filed = redis.pcall('ZADD', KEYS[2], score, member)
	end
	return type(filed) == 'table' and filed
end

local function fit(index)
	local last = redis.pcall('ZRANGE', index, -1, -1, 'WITHSCORES')[2]
	if last == 'inf' then
		call('PERSIST', index)
	elseif last then
		call('PEXPIREAT', index, string.format('%.0f', last + 60000))
	end
end

local function live(member, at)
	if at == '' then
		call('PERSIST', KEYS[1])
	else
		call('PEXPIREAT', KEYS[1], at)
		if call('ZCARD', KEYS[2]) == 1 then
			call('PEXPIREAT', KEYS[2], string.format('%.0f', at + 60000))
			return 1
		end
		local left = call('PTTL', KEYS[1])
		if left < 0 then
			call('ZREM', KEYS[2], member)
		else
			call('ZREMRANGEBYSCORE', KEYS[2], '-inf', string.format('(%.0f', at - left))
		end
	end
	fit(KEYS[2])
	return 1
end

local action = ARGV[1]
if action == 'write' then
	local failure = file(ARGV[2], ARGV[3])
	if failure then
		return failure
	end
	call('UNLINK', KEYS[1])
	call('HSET', KEYS[1], 'v', ARGV[4], 'm', ARGV[5], 's', ARGV[6], 'b', ARGV[7])
	return live(ARGV[2], ARGV[3])
end
if action == 'settle' then
	local failure = file(ARGV[2], ARGV[3])
	if failure then
		call('UNLINK', KEYS[1])
	end
	return failure or live(ARGV[2], ARGV[3])
end
if action == 'touch' then
	if redis.pcall('HGET', KEYS[1], 'v') ~= ARGV[4] then
		return 0
	end
	local failure = file(ARGV[2], ARGV[3])
	if failure then
		return failure
	end
	call('HSET', KEYS[1], 'm', ARGV[5])
	return live(ARGV[2], ARGV[3])
end
if action == 'finish' then
	if call('HGET', KEYS[3], 'v') ~= ARGV[4] then
		return 0
	end
	local failure = file(ARGV[2], ARGV[3])
	if failure then
		return failure
	end
	call('HSET', KEYS[3], 'm', ARGV[5], 's', ARGV[6])
	call('UNLINK', KEYS[1])
	call('RENAME', KEYS[3], KEYS[1])
	return live(ARGV[2], ARGV[3])
end
if action == 'remove' then
	local found = redis.pcall('HGET', KEYS[1], ARGV[3])
	if type(found) ~= 'table' and (found or '') ~= ARGV[4] then
		return 0
	end
	redis.pcall('ZREM', KEYS[2], ARGV[2])
	fit(KEYS[2])
	return call('UNLINK', KEYS[1])
end
local changed = 0
for i = 2, #KEYS do
	if action == 'drop' or call('EXISTS', KEYS[i]) == 0 then
		redis.pcall('ZREM', KEYS[1], ARGV[i])
		changed = changed + call('UNLINK', KEYS[i])
	end
end
fit(KEYS[1])
return changed
`;

const DIGEST = createHash('sha1').update(SOURCE).digest('hex');

/**
 * What the script can do: `write` writes a record with a small body; `settle` files a record in its index and sets the lives of both; `touch` and `finish` do so with new metadata, if it is still that version;
 * `remove` removes a record of which a field is still as it was; `drop` removes records; `sweep` takes out of an index what is not there any more.
 */
export type Action = 'write' | 'settle' | 'touch' | 'finish' | 'remove' | 'drop' | 'sweep';

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
