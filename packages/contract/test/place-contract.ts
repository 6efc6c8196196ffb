import type {BaseCache} from 'got-client-cache';
import type {BackendContract} from '../src/describe-backend-contract.js';
import {damage, forgetPlace} from './place-cache.js';

/** The contract with everything that it can try, of a backend whose two caches a function makes. */
export function placeContract(makeCache: (place: string) => BaseCache, bulkCount = 2500): BackendContract {
	return {
		createBackend(place) {
			const responses = makeCache(place);
			const redirects = makeCache(`${place}-redirects`);
			return {
				responses,
				redirects,
				async close() {
					await responses.close();
					await redirects.close();
				},
			};
		},
		removePlace(place) {
			forgetPlace(place);
			forgetPlace(`${place}-redirects`);
		},
		damage,
		bulkCount,
		nativeExpiry: 0,
	};
}
