import type {RequestBody} from './request.js';

/** A text as a request body: JSON or a form where its `Content-Type` says so, which have a canonical form, otherwise bytes. */
export function textBody(text: string, contentType: string): RequestBody {
	if (/^\s*application\/(?:[\w.-]+\+)?json\b/i.test(contentType)) {
		return {kind: 'json', text};
	}
	if (/^\s*application\/x-www-form-urlencoded\b/i.test(contentType)) {
		return {kind: 'form', text};
	}
	return {kind: 'bytes', bytes: text};
}
