// The program that demo.mjs runs twice: node demo-program.mjs <url> <database file>
import {SQLiteBackend} from '@got-client-cache/sqlite';
import {CachedSession} from 'got-client-cache';

const [url, database] = process.argv.slice(2);
const session = new CachedSession({cache: new SQLiteBackend(database), expireAfter: {hours: 3}});

const begin = performance.now();
let fromCache = 0;
for (let i = 1; i <= 10; i++) {
	const sent = performance.now();
	const {isFromCache} = await session.get(url);
	const milliseconds = performance.now() - sent;
	fromCache += isFromCache ? 1 : 0;
	console.log(
		`  request ${String(i).padStart(2)}  ${milliseconds.toFixed(1).padStart(7)} ms  from the ${isFromCache ? 'cache' : 'network'}`,
	);
}
const seconds = (performance.now() - begin) / 1000;
console.log(
	`  10 requests in ${seconds.toFixed(2)} s: ${10 - fromCache} from the network, ${fromCache} from the cache`,
);

await session.close();
process.send?.({seconds});
process.disconnect?.();
