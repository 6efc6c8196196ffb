/** The commands that a backend needs a user to have; docs/backends/redis.md says the same. */
export const LEAST_RIGHTS =
	'+hmget +hget +hset +unlink +exists +rename +pexpire +pexpireat +pttl +persist +zadd +zrem +zrange +zremrangebyscore +zcard +scan +multi +exec +eval +evalsha';

/** A line of a server's configuration: a user with these rights only, on keys that begin with a namespace. */
export function userLine(name: string, password: string, namespace: string): string {
	return `user ${name} on >${password} ~${namespace}* ${LEAST_RIGHTS}`;
}
