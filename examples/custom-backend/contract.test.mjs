// node --test
import {describe, it} from 'node:test';
import {describeBackendContract} from '@got-client-cache/contract';
import * as place from './place.mjs';

describeBackendContract(
	'FolderBackend',
	{
		...place,
		processModule: new URL('place.mjs', import.meta.url),
		bulkCount: 300, // a folder has no pages
		// In what it differs from most:
		rejectsAfterClose: false,
		touchKeepsVersion: false,
		metadataApart: false,
	},
	{describe, it},
);
