import {describeBackendContract} from '@got-client-cache/contract';
import {describe, it} from '@jest/globals';
import {CacheBackend} from '../../src/backend/cache-backend.js';
import {MemoryCache} from '../../src/storage/memory-cache.js';

const flags = {persistent: false, rejectsAfterClose: false};

describeBackendContract('CacheBackend', {createBackend: place => new CacheBackend(place), ...flags}, {describe, it});

describeBackendContract(
	'MemoryCache without bounds',
	{
		createCache: () => new MemoryCache({maxBytes: Number.POSITIVE_INFINITY, maxEntries: Number.POSITIVE_INFINITY}),
		...flags,
	},
	{describe, it},
);
