// The public API. Left out on purpose: the policy's functions (they change as HTTP caching is completed) and the session's inner parts.
export {BACKEND_OPTION_NAMES, type CacheBackendOptions} from './backend/backend-options.js';
export {CacheBackend} from './backend/cache-backend.js';
export type {CachedEntry} from './backend/cached-entry.js';
export type {DeleteSelection, EntryFilter} from './backend/entry-selection.js';
export {FileBackend, type FileBackendOptions} from './backend/file-backend.js';
export type {KeyableRequest} from './backend/keyable-request.js';
export {KeyvBackend, type KeyvBackendOptions} from './backend/keyv-backend.js';
export {type OpenBackendOptions, openBackend} from './backend/open-backend.js';
export type {SavedResponse} from './backend/saved-response.js';
export {
	CachedSessionError,
	type CachedSessionErrorCode,
	CacheFaultError,
	InvalidOptionError,
	rejectUnknownOptions,
} from './errors.js';
export type {RawHeaders, RequestHeaders} from './http/headers.js';
export type {HttpRequest, RequestBody} from './http/request.js';
export type {HttpResponse, StoredHop, StoredMetadata, StoredResponse, StoredVaryIndex} from './http/response.js';
export type {CacheStatus, ForwardCause} from './policy/cache-status.js';
export {
	DO_NOT_CACHE,
	type Duration,
	type DurationObject,
	EXPIRE_IMMEDIATELY,
	type Expiration,
	NEVER_EXPIRE,
} from './policy/expiration.js';
export type {
	CacheSettings,
	FilterFunction,
	IdentityFunction,
	KeyFunction,
	RequestSettings,
	UrlExpirations,
} from './policy/settings.js';
export {CacheMixin, type CacheMixinOptions} from './session/cache-mixin.js';
export type {CachedResponse, CachedResponseFacts} from './session/cached-response.js';
export {CachedSession, type CachedSessionOptions} from './session/cached-session.js';
export {ClientSession, type ClientSessionOptions} from './session/client-session.js';
export type {ExplainedRecord, Explanation} from './session/explain.js';
export type {Transmission, TransmittedHop} from './session/got/transmission.js';
export {type Interceptor, interceptor, type Next, onClose} from './session/interceptor.js';
export type {RequestEvents} from './session/request-events.js';
export type {
	BodyOf,
	GotBytes,
	JsonBodyOptions,
	JsonOptions,
	RequestResult,
	ResponseBody,
} from './session/request-types.js';
export {ResponsePromise} from './session/response-promise.js';
export type {SessionEvents} from './session/session-events.js';
export {type RequestOptions, SessionRequest} from './session/session-request.js';
export type {CachedFacts, NativeResponse, SessionResponse} from './session/session-response.js';
export {SessionStream} from './session/streams/session-stream.js';
export type {StreamFunction} from './session/streams/start-stream.js';
export type {CreateRetryStream, StreamEvents} from './session/streams/stream-events.js';
export type {PaginateFunction, PaginateOptions} from './session/to-got/paginate.js';
export type {CacheContext} from './session/to-got/to-got.js';
export type {Awaitable} from './storage/awaitable.js';
export {BaseCache, type BodyHandle, type CacheEntry, type CacheRecord, type StoredBody} from './storage/base-cache.js';
export {BytesBody, collectBody} from './storage/bytes-body.js';
export {FileCache} from './storage/file/file-cache.js';
export {FileFolder, type FileFolderOptions, type FileStoreName} from './storage/file/file-folder.js';
export {KeyvCache} from './storage/keyv/keyv-cache.js';
export type {KeyvLike} from './storage/keyv/keyv-like.js';
export type {KeyvCacheOptions} from './storage/keyv/keyv-options.js';
export {localPath, makeFolder, temporaryFolder} from './storage/local-place.js';
export {MemoryCache, type MemoryCacheOptions} from './storage/memory-cache.js';
export {decodeMetadata, encodeMetadata, METADATA_FORMAT} from './storage/metadata-codec.js';
export {OperationGate} from './storage/operation-gate.js';
export {piecesOf} from './storage/pieces.js';
export {removableAt} from './storage/removable-at.js';
