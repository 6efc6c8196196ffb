import {describeBackendContract} from '@got-client-cache/contract';
import {describe, it} from '@jest/globals';
import {MemoryCache} from '../../src/storage/memory-cache.js';

describeBackendContract(
	'MemoryCache',
	{createCache: () => new MemoryCache(), persistent: false, rejectsAfterClose: false},
	{describe, it},
);
