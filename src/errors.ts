/** Every error that we throw, made with @fastify/error; codes are `FST_MODEL_SYNC_…`. */
import createError from '@fastify/error'
import { because, type Cause } from './core/records/problem.js'
import { describeProblem } from './core/records/problem-text.js'

/** A wrong option or environment variable; stops the boot. */
export const OptionsError = createError<[message: string, options?: { cause?: unknown }]>(
  'FST_MODEL_SYNC_OPTIONS',
  '%s',
  500,
  TypeError,
)

/** An optional peer dependency is not installed, and what was asked for needs it. */
export const MissingPackageError = createError<[message: string, options?: { cause?: unknown }]>(
  'FST_MODEL_SYNC_MISSING_PACKAGE',
  '%s',
  501,
)

/** The database cannot be reached, gives no answer, or refuses for the time being. */
export const DatabaseError = createError<[message: string, options?: { cause?: unknown }]>(
  'FST_MODEL_SYNC_DATABASE',
  '%s',
  503,
)

/** The database refuses what the start needs, and will until somebody mends it: waiting is of no use. */
export const DatabaseSetupError = createError<[message: string, options?: { cause?: unknown }]>(
  'FST_MODEL_SYNC_DATABASE_SETUP',
  '%s',
  500,
)

/** A migration failed, or the schema is newer than this version of the library. */
export const MigrationError = createError<[message: string, options?: { cause?: unknown }]>(
  'FST_MODEL_SYNC_MIGRATION',
  '%s',
  500,
)

/** Another process holds the data directory of the embedded database. */
export const DataDirectoryInUseError = createError<[message: string, options?: { cause?: unknown }]>(
  'FST_MODEL_SYNC_DATA_DIRECTORY_IN_USE',
  '%s',
  500,
)

/** An answer that is not of the documented shape. */
export const MalformedAnswerError = createError<[message: string, options?: { cause?: unknown }]>(
  'FST_MODEL_SYNC_MALFORMED_ANSWER',
  '%s',
  502,
)

/** A listing could not be read: refused, unreachable, too large, timed out. The message never holds a key or a query string. */
const UpstreamError = createError<[message: string, options?: { cause?: unknown }]>(
  'FST_MODEL_SYNC_UPSTREAM',
  '%s',
  502,
)

/** The run was cancelled by DELETE /models/sync, a signal or the closing of the server. */
export const CancelledError = createError<[message: string, options?: { cause?: unknown }]>(
  'FST_MODEL_SYNC_CANCELLED',
  '%s',
  409,
)

/** Another replica has taken over what this one was at work on, or may have: nothing is written any more. */
export const LeaseLostError = createError<[message: string]>('FST_MODEL_SYNC_LEASE_LOST', '%s', 409)

/** A provider's slug that no source has. */
export const UnknownProviderError = createError<[message: string, options?: { cause?: unknown }]>(
  'FST_MODEL_SYNC_UNKNOWN_PROVIDER',
  '%s',
  400,
)

/** No such model, run or provider. */
export const NotFoundError = createError<[message: string, options?: { cause?: unknown }]>(
  'FST_MODEL_SYNC_NOT_FOUND',
  '%s',
  404,
)

/** Nobody has said where clients call the models. */
export const NoGatewayError = createError<[message: string]>('FST_MODEL_SYNC_NO_GATEWAY', '%s', 404)

/** A request for a host name that is none of this server's. */
export const UnknownHostError = createError<[message: string, options?: { cause?: unknown }]>(
  'FST_MODEL_SYNC_UNKNOWN_HOST',
  '%s',
  421,
)

/** A method that a path of ours does not have; the answer's Allow has those that it has. */
export const MethodNotAllowedError = createError<[method: string, allowed: string]>(
  'FST_MODEL_SYNC_METHOD_NOT_ALLOWED',
  'this path does not have the method %s; it has %s',
  405,
)

/** A write from another site's page. */
export const ForeignOriginError = createError<[message: string, options?: { cause?: unknown }]>(
  'FST_MODEL_SYNC_FOREIGN_ORIGIN',
  '%s',
  403,
)

/** A token that may read, and no more. */
export const ReadOnlyTokenError = createError<[message: string]>('FST_MODEL_SYNC_READ_ONLY_TOKEN', '%s', 403)

/** No token, or a wrong one. */
export const UnauthorizedError = createError<[message: string, options?: { cause?: unknown }]>(
  'FST_MODEL_SYNC_UNAUTHORIZED',
  '%s',
  401,
)

/** A cursor that was not made by us, or for another query. */
export const CursorError = createError<[message: string, options?: { cause?: unknown }]>(
  'FST_MODEL_SYNC_CURSOR',
  '%s',
  400,
)

/** The host's onApply hook refused; nothing of that provider is applied. */
export const HookError = createError<[message: string, options?: { cause?: unknown }]>(
  'FST_MODEL_SYNC_ON_APPLY',
  '%s',
  500,
)

/** A plan that was approved is not the one that would be carried out now. */
export const StalePlanError = createError<[message: string, options?: { cause?: unknown }]>(
  'FST_MODEL_SYNC_PLAN_STALE',
  '%s',
  409,
)

/** A planHash that cannot be read, or that disagrees with the options beside it. */
export const PlanHashError = createError<[message: string, options?: { cause?: unknown }]>(
  'FST_MODEL_SYNC_PLAN_HASH',
  '%s',
  400,
)

/** A query or a body that says something else than the route takes. */
export const ValidationError = createError<[message: string]>('FST_MODEL_SYNC_VALIDATION', '%s', 400)

/** A change by hand that cannot be made. */
export const EditError = createError<[message: string, options?: { cause?: unknown }]>('FST_MODEL_SYNC_EDIT', '%s', 400)

/** A model with this id is there already. */
export const ConflictError = createError<[message: string, options?: { cause?: unknown }]>(
  'FST_MODEL_SYNC_CONFLICT',
  '%s',
  409,
)

/** As many pages listen to events as may. */
export const TooManyListenersError = createError<[message: string, options?: { cause?: unknown }]>(
  'FST_MODEL_SYNC_TOO_MANY_LISTENERS',
  '%s',
  503,
)

/** Asked for while the server is closing. */
export const ClosingError = createError<[message: string]>('FST_MODEL_SYNC_CLOSING', '%s', 503)

/** As many runs are in progress, or wait, as may; `retryAfter` says in how many seconds to ask again. */
export const TooManyRunsError = createError<[message: string]>('FST_MODEL_SYNC_TOO_MANY_RUNS', '%s', 429)

/** One wrong token after the other; `retryAfter` says in how many seconds to ask again. */
export const TooManyGuessesError = createError<[message: string]>('FST_MODEL_SYNC_TOO_MANY_GUESSES', '%s', 429)

/** More requests in a minute than an address may send; `retryAfter` says in how many seconds to ask again. */
export const TooManyRequestsError = createError<[message: string]>('FST_MODEL_SYNC_TOO_MANY_REQUESTS', '%s', 429)

/** models.json cannot be read as what it should be, or not be written. */
export const ModelsJsonError = createError<[message: string, options?: { cause?: unknown }]>(
  'FST_MODEL_SYNC_MODELS_JSON',
  '%s',
  500,
)

/** Another process holds the lock on a file. */
export const FileLockedError = createError<[message: string, options?: { cause?: unknown }]>(
  'FST_MODEL_SYNC_FILE_LOCKED',
  '%s',
  503,
)

/** Probing is off. */
export const ProbeOffError = createError<[message: string, options?: { cause?: unknown }]>(
  'FST_MODEL_SYNC_PROBE_OFF',
  '%s',
  403,
)

/** A model that cannot be probed. */
export const ProbeError = createError<[message: string, options?: { cause?: unknown }]>(
  'FST_MODEL_SYNC_PROBE',
  '%s',
  400,
)

/** The probes of the day are spent. */
export const ProbeBudgetError = createError<[message: string, options?: { cause?: unknown }]>(
  'FST_MODEL_SYNC_PROBE_BUDGET',
  '%s',
  429,
)

/** A cost is asked for with counts or a time that are none. */
export const CostError = createError<[message: string, options?: { cause?: unknown }]>('FST_MODEL_SYNC_COST', '%s', 400)

/** A price that a cost needs is not known. */
export const PriceUnknownError = createError<[message: string, options?: { cause?: unknown }]>(
  'FST_MODEL_SYNC_PRICE_UNKNOWN',
  '%s',
  422,
)

/** A key of a user that cannot be one. */
export const UserKeyError = createError<[message: string, options?: { cause?: unknown }]>(
  'FST_MODEL_SYNC_CREDENTIAL',
  '%s',
  400,
)

/** Keys of users cannot be kept, since there is nothing to encrypt them with. */
export const EncryptionKeyError = createError<[message: string, options?: { cause?: unknown }]>(
  'FST_MODEL_SYNC_ENCRYPTION_KEY',
  '%s',
  501,
)

/** The keys of users are the host’s to change. */
export const HostUserKeysError = createError<[message: string, options?: { cause?: unknown }]>(
  'FST_MODEL_SYNC_HOST_CREDENTIALS',
  '%s',
  409,
)

/** What belongs to a user was asked for by nobody in particular. */
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
