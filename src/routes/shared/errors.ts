/** The shape of errors: `{statusCode, code: 'FST_MODEL_SYNC_…', error, message}`; what a host's hooks throw goes on to the host. */
import { STATUS_CODES } from 'node:http'
import { Type } from 'typebox'
import type { FastifyError, FastifyInstance, FastifyRequest } from 'fastify'
import { causeOf } from '../../core/records/problem.js'
import { ResolveError } from '../../core/names/resolve-error.js'
import { forbidCaching } from './private-answers.js'
import { toText } from './serialization.js'
import { explainValidation } from './validation-message.js'

/** Open, since a host's own errors pass through the same routes. */
export const ErrorSchema = Type.Object(
  {
    statusCode: Type.Optional(Type.Integer()),
    code: Type.Optional(Type.String()),
    error: Type.Optional(Type.String()),
    message: Type.Optional(Type.String({ description: 'what was found, what was expected, what to do' })),
  },
  { additionalProperties: true },
)

// Classes 08 (connection), 53 (resources), 57 (operator intervention) of PostgreSQL's codes.
const SERVER_AWAY = /^(08|53|57)/
// Class 22.
const DATA_EXCEPTION = '22'

// Of a database that is away, and the like.
const RETRY_AFTER_SECONDS = 5

/** On a request that the host's hooks have let through. A WeakSet of them costs several times as much. */
const ADMITTED = Symbol('admitted by the host')

type MaybeAdmitted = FastifyRequest & { [ADMITTED]?: boolean }

/** What is told of an error, beside the members that an error may carry. */
export interface ShapedError {
  statusCode: number
  code: string
  message: string
}

/** @param describe the body of an error; default: ours */
export function shapeErrors(fastify: FastifyInstance, describe: (error: ShapedError) => object = describeOurs): void {
  // Until its body is read a request is with the hooks of the host, and what they throw is the host's to answer.
  const hosts = fastify.errorHandler
  // Scopes within have it from the one around.
  if (!fastify.hasRequestDecorator(ADMITTED)) fastify.decorateRequest(ADMITTED, false)
  fastify.addHook('preParsing', (request: MaybeAdmitted, _reply, _payload, done) => {
    request[ADMITTED] = true
    done()
  })
  fastify.setErrorHandler<FastifyError>((error, request, reply) => {
    const shaped = shape(error, (request as MaybeAdmitted)[ADMITTED] === true ? request : null)
    if (shaped === null) {
      if (error instanceof Error) throw error
      // Thrown once more, Fastify would send it as a success.
      return hosts.call(fastify, error, request, reply)
    }
    if (shaped.statusCode >= 500) request.log.error({ err: error }, 'A request failed')
    forbidCaching(reply)
    const retryAfter = retryAfterOf(error) ?? (shaped.statusCode === 503 ? RETRY_AFTER_SECONDS : null)
    if (retryAfter !== null) void reply.header('retry-after', String(retryAfter))
    // A stale plan comes with the new one.
    const result = 'result' in error && typeof error.result === 'object' ? error.result : {}
    const suggestions =
      'suggestions' in error && Array.isArray(error.suggestions) ? { suggestions: error.suggestions as string[] } : {}
    const unavailable =
      error instanceof ResolveError && error.unavailable !== null ? { unavailable: error.unavailable } : {}
    const body = { ...result, ...describe(shaped), ...suggestions, ...unavailable }
    return reply.code(shaped.statusCode).send(toText(reply, body))
  })
}

/** The body of an error, `result` and suggestions apart. */
export function describeOurs(error: ShapedError): object {
  return { ...error, error: STATUS_CODES[error.statusCode] ?? 'Error' }
}

/** Seconds; `null`: the error says nothing of it. */
function retryAfterOf(error: FastifyError): number | null {
  return 'retryAfter' in error && typeof error.retryAfter === 'number' ? error.retryAfter : null
}

/**
 * `null`: an error of the host's.
 * @param admitted the request once the host's hooks have let it through; `null`: they have not
 */
function shape(error: FastifyError, admitted: FastifyRequest | null): ShapedError | null {
  const { code, message, statusCode = 500 } = error
  if (typeof code === 'string' && code.startsWith('FST_MODEL_SYNC_')) return { statusCode, code, message }
  if (admitted === null) return null
  const sqlState = databaseCodeOf(error)
  // Nothing, or what the network says: there was no server to answer.
  if (sqlState === null || (sqlState !== undefined && SERVER_AWAY.test(sqlState))) return away()
  // A date or a character in the request that the schema lets through and no column knows.
  if (sqlState?.startsWith(DATA_EXCEPTION) === true)
    return { statusCode: 400, code: 'FST_MODEL_SYNC_VALIDATION', message: `${message}; check the query and the path` }
  if (typeof code === 'string' && code.startsWith('FST_ERR_'))
    return {
      statusCode,
      code: `FST_MODEL_SYNC_${code.slice('FST_ERR_'.length)}`,
      message: explainValidation(error, admitted.routeOptions.schema),
    }
  return null
}

/** `null`: the database could not be asked; `undefined`: no error of the database's. */
function databaseCodeOf(error: Error): string | null | undefined {
  const cause = causeOf(error)
  return cause?.code === 'database' ? cause.facts.sqlState : undefined
}

function away(): ShapedError {
  return {
    statusCode: 503,
    code: 'FST_MODEL_SYNC_DATABASE',
    message: 'the database does not answer; try again in a few seconds',
  }
}
