/** Every error that we throw, made with @fastify/error; codes are `FST_MODEL_SYNC_…`. */
import createError from '@fastify/error'
import { because, type Cause } from './core/records/problem.js'
import { describeProblem } from './core/records/problem-text.js'

/**
 * An option or environment variable is wrong. It stops the start.
 * @remedy Set the named option to what the message allows.
 */
export const OptionsError = createError<[message: string, options?: { cause?: unknown }]>(
  'FST_MODEL_SYNC_OPTIONS',
  '%s',
  500,
  TypeError,
)

/**
 * A feature needs an optional package that is not installed.
 * @remedy Install the package with the command in the message.
 */
export const MissingPackageError = createError<[message: string, options?: { cause?: unknown }]>(
  'FST_MODEL_SYNC_MISSING_PACKAGE',
  '%s',
  501,
)

/**
 * The database cannot be reached, does not answer, or refuses for now.
 * @remedy Check that PostgreSQL runs and that `DATABASE_URL` is right, then try again.
 */
export const DatabaseError = createError<[message: string, options?: { cause?: unknown }]>(
  'FST_MODEL_SYNC_DATABASE',
  '%s',
  503,
)

/**
 * The database refuses what the start needs, and will until somebody fixes it.
 * @remedy Fix what the message names: permission, password, read-only mode or version. Then restart.
 */
export const DatabaseSetupError = createError<[message: string, options?: { cause?: unknown }]>(
  'FST_MODEL_SYNC_DATABASE_SETUP',
  '%s',
  500,
)

/**
 * A migration failed, or the schema is newer than this version of the package.
 * @remedy If the schema is newer, run the version that made it, or restore a backup. Otherwise fix what PostgreSQL says and restart.
 */
export const MigrationError = createError<[message: string, options?: { cause?: unknown }]>(
  'FST_MODEL_SYNC_MIGRATION',
  '%s',
  500,
)

/**
 * Another process uses the data directory of the embedded database.
 * @remedy Stop the other process, set another `MODEL_SYNC_DATA_DIR`, or use `DATABASE_URL`.
 */
export const DataDirectoryInUseError = createError<[message: string, options?: { cause?: unknown }]>(
  'FST_MODEL_SYNC_DATA_DIRECTORY_IN_USE',
  '%s',
  500,
)

/**
 * A provider’s answer does not have the documented shape.
 * @remedy Check that the address is the API’s and not that of a web page or a sign-in proxy.
 */
export const MalformedAnswerError = createError<[message: string, options?: { cause?: unknown }]>(
  'FST_MODEL_SYNC_MALFORMED_ANSWER',
  '%s',
  502,
)

/**
 * A provider’s list could not be read: refused, unreachable, too large, timed out. The message never holds a key or a query string.
 * @remedy Do what the message says: start the provider, set its key or its address, or raise the limit.
 */
const UpstreamError = createError<[message: string, options?: { cause?: unknown }]>(
  'FST_MODEL_SYNC_UPSTREAM',
  '%s',
  502,
)

/**
 * The run was cancelled by `DELETE /models/sync`, by a signal, or because the server is closing.
 * @remedy Start the sync again if you still want it.
 */
export const CancelledError = createError<[message: string, options?: { cause?: unknown }]>(
  'FST_MODEL_SYNC_CANCELLED',
  '%s',
  409,
)

/**
 * Another replica took over this work, or may have. Nothing more is written here.
 * @remedy Nothing: the other replica finishes the work. If it happens often, raise `MODEL_SYNC_LEASE_SECONDS`.
 */
export const LeaseLostError = createError<[message: string]>('FST_MODEL_SYNC_LEASE_LOST', '%s', 409)

/**
 * No provider has this slug.
 * @remedy Use a slug from `GET /providers`.
 */
export const UnknownProviderError = createError<[message: string, options?: { cause?: unknown }]>(
  'FST_MODEL_SYNC_UNKNOWN_PROVIDER',
  '%s',
  400,
)

/**
 * There is no such model, run or provider.
 * @remedy Check the id. `GET /models?id=` finds ids that no path can hold.
 */
export const NotFoundError = createError<[message: string, options?: { cause?: unknown }]>(
  'FST_MODEL_SYNC_NOT_FOUND',
  '%s',
  404,
)

/**
 * Nobody said where clients call the models.
 * @remedy Set `MODEL_SYNC_GATEWAY_URL`.
 */
export const NoGatewayError = createError<[message: string]>('FST_MODEL_SYNC_NO_GATEWAY', '%s', 404)

/**
 * The request is for a host name that is not this server’s.
 * @remedy Add the name to `MODEL_SYNC_ALLOWED_HOSTS`.
 */
export const UnknownHostError = createError<[message: string, options?: { cause?: unknown }]>(
  'FST_MODEL_SYNC_UNKNOWN_HOST',
  '%s',
  421,
)

/**
 * This path does not have this method.
 * @remedy Use one of the methods in the header `Allow`.
 */
export const MethodNotAllowedError = createError<[method: string, allowed: string]>(
  'FST_MODEL_SYNC_METHOD_NOT_ALLOWED',
  'this path does not have the method %s; it has %s',
  405,
)

/**
 * A page of another site tries to write.
 * @remedy Behind a proxy, pass the `Host` header on. For a page of another origin, set `allowedOrigins`.
 */
export const ForeignOriginError = createError<[message: string, options?: { cause?: unknown }]>(
  'FST_MODEL_SYNC_FOREIGN_ORIGIN',
  '%s',
  403,
)

/**
 * The token may only read.
 * @remedy Send an admin token.
 */
export const ReadOnlyTokenError = createError<[message: string]>('FST_MODEL_SYNC_READ_ONLY_TOKEN', '%s', 403)

/**
 * There is no token, or a wrong one.
 * @remedy Send `Authorization: Bearer <token>`.
 */
export const UnauthorizedError = createError<[message: string, options?: { cause?: unknown }]>(
  'FST_MODEL_SYNC_UNAUTHORIZED',
  '%s',
  401,
)

/**
 * The cursor is not one of ours, or belongs to another query.
 * @remedy Use `nextCursor` of the same query, or start without a cursor.
 */
export const CursorError = createError<[message: string, options?: { cause?: unknown }]>(
  'FST_MODEL_SYNC_CURSOR',
  '%s',
  400,
)

/**
 * The host’s `onApply` hook refused. Nothing of that provider is applied.
 * @remedy Fix the hook. The next sync applies the changes.
 */
export const HookError = createError<[message: string, options?: { cause?: unknown }]>(
  'FST_MODEL_SYNC_ON_APPLY',
  '%s',
  500,
)

/**
 * The approved plan is not the one that would be carried out now.
 * @remedy Look at the new plan in the answer, and approve its hash.
 */
export const StalePlanError = createError<[message: string, options?: { cause?: unknown }]>(
  'FST_MODEL_SYNC_PLAN_STALE',
  '%s',
  409,
)

/**
 * The `planHash` cannot be read, or contradicts the options beside it.
 * @remedy Send the whole `planHash` of a dry run, without other options beside it except `only`.
 */
export const PlanHashError = createError<[message: string, options?: { cause?: unknown }]>(
  'FST_MODEL_SYNC_PLAN_HASH',
  '%s',
  400,
)

/**
 * The query or the body is not what the route accepts.
 * @remedy Correct what the message names.
 */
export const ValidationError = createError<[message: string]>('FST_MODEL_SYNC_VALIDATION', '%s', 400)

/**
 * This edit is not possible.
 * @remedy Correct what the message names.
 */
export const EditError = createError<[message: string, options?: { cause?: unknown }]>('FST_MODEL_SYNC_EDIT', '%s', 400)

/**
 * A model with this id exists already.
 * @remedy Edit the existing model, or choose another id.
 */
export const ConflictError = createError<[message: string, options?: { cause?: unknown }]>(
  'FST_MODEL_SYNC_CONFLICT',
  '%s',
  409,
)

/**
 * Too many clients listen to events.
 * @remedy Close other pages, or ask again after `Retry-After`.
 */
export const TooManyListenersError = createError<[message: string, options?: { cause?: unknown }]>(
  'FST_MODEL_SYNC_TOO_MANY_LISTENERS',
  '%s',
  503,
)

/**
 * The server is closing.
 * @remedy Ask again when the server is back.
 */
export const ClosingError = createError<[message: string]>('FST_MODEL_SYNC_CLOSING', '%s', 503)

/**
 * Too many runs are in progress or waiting.
 * @remedy Ask again after `Retry-After`.
 */
export const TooManyRunsError = createError<[message: string]>('FST_MODEL_SYNC_TOO_MANY_RUNS', '%s', 429)

/**
 * Too many wrong tokens came from this address.
 * @remedy Wait for `Retry-After`. The right token always gets in.
 */
export const TooManyGuessesError = createError<[message: string]>('FST_MODEL_SYNC_TOO_MANY_GUESSES', '%s', 429)

/**
 * This address sent more requests in a minute than it may.
 * @remedy Wait for `Retry-After`, or raise the limit (`MODEL_SYNC_RATE_LIMIT_…`).
 */
export const TooManyRequestsError = createError<[message: string]>('FST_MODEL_SYNC_TOO_MANY_REQUESTS', '%s', 429)

/**
 * `models.json` cannot be read or written.
 * @remedy Check the file and its folder.
 */
export const ModelsJsonError = createError<[message: string, options?: { cause?: unknown }]>(
  'FST_MODEL_SYNC_MODELS_JSON',
  '%s',
  500,
)

/**
 * Another process holds the lock on a file.
 * @remedy Wait until the other process is done, or stop it.
 */
export const FileLockedError = createError<[message: string, options?: { cause?: unknown }]>(
  'FST_MODEL_SYNC_FILE_LOCKED',
  '%s',
  503,
)

/**
 * Probes are off.
 * @remedy Set `MODEL_SYNC_PROBE=true`.
 */
export const ProbeOffError = createError<[message: string, options?: { cause?: unknown }]>(
  'FST_MODEL_SYNC_PROBE_OFF',
  '%s',
  403,
)

/**
 * This model cannot be probed.
 * @remedy Probe a chat model of a provider whose API we know, or probe it through LiteLLM.
 */
export const ProbeError = createError<[message: string, options?: { cause?: unknown }]>(
  'FST_MODEL_SYNC_PROBE',
  '%s',
  400,
)

/**
 * Today’s probes are used up.
 * @remedy Wait until tomorrow (UTC), or raise `MODEL_SYNC_PROBE_BUDGET`.
 */
export const ProbeBudgetError = createError<[message: string, options?: { cause?: unknown }]>(
  'FST_MODEL_SYNC_PROBE_BUDGET',
  '%s',
  429,
)

/**
 * The token counts or the time are not valid.
 * @remedy Send whole numbers of tokens and an ISO 8601 time.
 */
export const CostError = createError<[message: string, options?: { cause?: unknown }]>('FST_MODEL_SYNC_COST', '%s', 400)

/**
 * A price that the cost needs is unknown.
 * @remedy Pin the price, or state it upstream.
 */
export const PriceUnknownError = createError<[message: string, options?: { cause?: unknown }]>(
  'FST_MODEL_SYNC_PRICE_UNKNOWN',
  '%s',
  422,
)

/**
 * This cannot be a key of that provider.
 * @remedy Correct what the message names.
 */
export const UserKeyError = createError<[message: string, options?: { cause?: unknown }]>(
  'FST_MODEL_SYNC_CREDENTIAL',
  '%s',
  400,
)

/**
 * User keys cannot be saved, because there is nothing to encrypt them with.
 * @remedy Set `MODEL_SYNC_ENCRYPTION_KEY` (`openssl rand -base64 32`).
 */
export const EncryptionKeyError = createError<[message: string, options?: { cause?: unknown }]>(
  'FST_MODEL_SYNC_ENCRYPTION_KEY',
  '%s',
  501,
)

/**
 * The host keeps the user keys, so they cannot be changed here.
 * @remedy Change the key where the host keeps it.
 */
export const HostUserKeysError = createError<[message: string, options?: { cause?: unknown }]>(
  'FST_MODEL_SYNC_HOST_CREDENTIALS',
  '%s',
  409,
)

/**
 * The request is for something that belongs to a user, but has no user.
 * @remedy Sign in, or give the plugin the option `user(request)`.
 */
export const NoUserError = createError<[message: string, options?: { cause?: unknown }]>(
  'FST_MODEL_SYNC_NO_USER',
  '%s',
  403,
)

/** The error for a code and its facts, with their sentence. Without what caused it: errors of TLS carry certificates, errors of JSON.parse pieces of the body. */
export function failure(cause: Cause): Error {
  return because(new (classOf(cause))(describeProblem(cause)), cause)
}

function classOf({ code }: Cause): new (message: string) => Error {
  if (code === 'cancelled' || code === 'run-too-long') return CancelledError
  if (code === 'lease-lost') return LeaseLostError
  return code === 'malformed-answer' ? MalformedAnswerError : UpstreamError
}
