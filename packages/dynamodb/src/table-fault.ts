import {CachedSessionError} from 'got-client-cache';

/** What a failed request is told as. Errors of this library stay as they are. */
export function tableFault(name: string, cause: unknown): CachedSessionError {
	if (cause instanceof CachedSessionError) {
		return cause;
	}
	return new CachedSessionError('ERR_CACHE_FAULT', `The DynamoDB table ${name}: ${reasonOf(cause)}`, {cause});
}

function reasonOf(cause: unknown): string {
	if (!(cause instanceof Error)) {
		return String(cause);
	}
	if (cause.name === 'ResourceNotFoundException') {
		return 'there is no such table in this region and account; createTable() of the backend makes it';
	}
	// Of several addresses that were tried, Node gives an error without a message.
	const reason = cause.message || (cause as NodeJS.ErrnoException).code;
	return reason ? `${cause.name}: ${reason}` : cause.name;
}
