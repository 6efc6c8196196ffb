import {createHash} from 'node:crypto';
import type {Argument, Link, Server} from './link.js';

/**
 * What must happen in one step and depends on what is there. Large bodies do not pass through it: that would copy them, and take several times as long.
 *
 * A resource's index is a sorted set of the rests of its keys, by the moment at which the server drops the record (`+inf`: never). It lives for a minute longer
 * than its longest record, so that a server that evicts keys by their remaining life evicts it last. Server time is worked out from `PTTL`, not asked for:
 * `TIME` would be one more command that a user must be allowed. What is refused where memory is full comes first, so that nothing is done by halves.
 *
 * KEYS: the record and its index, for `write` of several records each, for `finish` also the unfinished record; for `drop` and `sweep` the index and any number of records.
 * ARGV: the action, the members of the records in the index, and what the action needs. `write` gives a reply for each record.
 *
 * What was filed without an end, and is so again, has none to be taken away, nor has its index.
 *
 * A record that is written over keeps its hash where only fields that it had were set. Where some came anew, there were pieces of a larger body, and where it failed, no hash.
 */
const SOURCE = `
local call, try = redis.call, redis.pcall

local function file(index, member, at)
	local score = at == '' and '+inf' or at
	local filed = try('ZADD', index, 'CH', score, member)
	if type(filed) == 'table' and string.find(filed.err, 'WRONGTYPE', 1, true) then
		call('UNLINK', index)
		filed = try('ZADD', index, 'CH', score, member)
	end
	return type(filed) == 'table' and filed, filed
end

local function fit(index)
	local last = try('ZRANGE', index, -1, -1, 'WITHSCORES')[2]
	if last == 'inf' then
		call('PERSIST', index)
	elseif last then
		call('PEXPIREAT', index, string.format('%.0f', last + 60000))
	end
end

local function live(record, index, member, at, changed)
	if at == '' then
		if changed ~= 0 then
			call('PERSIST', record)
			call('PERSIST', index)
		end
		return 1
	end
	call('PEXPIREAT', record, at)
	if call('ZCARD', index) == 1 then
		call('PEXPIREAT', index, string.format('%.0f', at + 60000))
		return 1
	end
	local left = call('PTTL', record)
	if left < 0 then
		call('ZREM', index, member)
	else
		call('ZREMRANGEBYSCORE', index, '-inf', string.format('(%.0f', at - left))
	end
	fit(index)
	return 1
end

local function write(record, index, member, at, version, metadata, size, body)
	local failure, changed = file(index, member, at)
	if failure then
		return failure
	end
	local added = try('HSET', record, 'v', version, 'm', metadata, 's', size, 'b', body)
	if added ~= 0 and added ~= 4 then
		call('UNLINK', record)
		call('HSET', record, 'v', version, 'm', metadata, 's', size, 'b', body)
	end
	return live(record, index, member, at, changed)
end

local action, member, at, version = ARGV[1], ARGV[2], ARGV[3], ARGV[4]
local record, index = KEYS[1], KEYS[2]
if action == 'write' then
	local replies = {}
	for i = 1, #KEYS / 2 do
		local k, a = i * 2, i * 6
		replies[i] = write(KEYS[k - 1], KEYS[k], ARGV[a - 4], ARGV[a - 3], ARGV[a - 2], ARGV[a - 1], ARGV[a], ARGV[a + 1])
	end
	return replies
end
if action == 'settle' then
	local failure, changed = file(index, member, at)
	if failure then
		call('UNLINK', record)
		return failure
	end
	if try('HGET', record, '0') then
		local whole = try('HMGET', record, 'v', 'm', 's', 'b')
		if whole[4] then
			call('UNLINK', record)
			call('HSET', record, 'v', whole[1], 'm', whole[2], 's', whole[3], 'b', whole[4])
		end
	end
	return live(record, index, member, at, changed)
end

local function fileIfStill(found)
	return found ~= version and 0 or file(index, member, at)
end

if action == 'touch' then
	local refusal = fileIfStill(try('HGET', record, 'v'))
	if refusal then
		return refusal
	end
	call('HSET', record, 'm', ARGV[5])
	return live(record, index, member, at)
end
if action == 'finish' then
	local refusal = fileIfStill(call('HGET', KEYS[3], 'v'))
	if refusal then
		return refusal
	end
	call('HSET', KEYS[3], 'm', ARGV[5], 's', ARGV[6])
	call('UNLINK', record)
	call('RENAME', KEYS[3], record)
	return live(record, index, member, at)
end
if action == 'remove' then
	local found = try('HGET', record, ARGV[3])
	if type(found) ~= 'table' and (found or '') ~= ARGV[4] then
		return 0
	end
	try('ZREM', index, member)
	fit(index)
	return call('UNLINK', record)
end
local changed = 0
for i = 2, #KEYS do
	if action == 'drop' or call('EXISTS', KEYS[i]) == 0 then
		try('ZREM', KEYS[1], ARGV[i])
		changed = changed + call('UNLINK', KEYS[i])
	end
end
fit(KEYS[1])
return changed
`;

const DIGEST = createHash('sha1').update(SOURCE).digest('hex');

/**
 * What the script can do: `write` writes records with small bodies; `settle` files a record in its index and sets the lives of both; `touch` and `finish` do so with new metadata, if it is still that version;
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
