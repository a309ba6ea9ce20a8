/**
 * resolveRequest: a hook for hosts that proxy requests to models; the model that was asked for becomes the one that serves the request, and the
 * caller is told of a substitute and of a model's end.
 */
import type { FastifyReply, FastifyRequest, preHandlerAsyncHookHandler } from 'fastify'
import { checkMembers, type KnownMembers } from '../core/input/known-members.js'
import { requestTypeOf } from '../core/names/request-type.js'
import type { ResolvedModel, ResolveOptions } from '../core/names/model-resolver.js'
import type { Resolution } from '../core/names/resolution.js'
import { ResolveError } from '../core/names/resolve-error.js'
import type { TeamsOf } from '../routes/shared/hooks.js'
import { headerValue } from '../routes/shared/header-value.js'
import { deprecationHeaders } from '../routes/shared/deprecation-headers.js'

export interface ResolveRequestOptions {
  /** The member of the body that names the model. Default `model`. */
  field?: string | undefined
  /** @see ResolveOptions.type */
  type?: ResolveOptions['type'] | undefined
  /** An unknown name is refused with 404. Default false: the type's default stands in, and the header `x-model-fallback` names it. */
  strict?: boolean | undefined
  /** Who asks, whose private models count. Default: as the plugin's option `user` says. */
  viewer?: ((request: FastifyRequest) => string | null) | undefined
  /** The teams and access groups of who asks, whose restricted models count. Default: as the plugin's option `teams` says. */
  teams?: TeamsOf | undefined
}

declare module 'fastify' {
  interface FastifyRequest {
    /** What `resolveRequest` has found for this request, with the name that was asked for in `requested`; `null`: it has not run. */
    modelResolution: Resolution | null
  }
}

const RESOLVE_REQUEST_OPTIONS: KnownMembers<ResolveRequestOptions> = {
  field: true,
  type: true,
  strict: true,
  viewer: true,
  teams: true,
}

/** Runs before the handler, since the body must have been read. */
export function createResolveRequest(
  find: (name: string | null, options: ResolveOptions) => Promise<ResolvedModel>,
  user: (request: FastifyRequest) => string | null,
  teamsOf: TeamsOf,
): (options?: ResolveRequestOptions) => preHandlerAsyncHookHandler {
  return (options = {}) => {
    checkMembers('resolveRequest', options, RESOLVE_REQUEST_OPTIONS)
    const { field = 'model', strict = false, viewer = user, teams = teamsOf } = options
    // Here, so that a wrong type stops the boot and not each request.
    const type = requestTypeOf(options.type ?? 'chat')
    return async (request, reply) => {
      const { body } = request
      if (typeof body !== 'object' || body === null || Array.isArray(body))
        throw new ResolveError('FST_MODEL_SYNC_MODEL_NAME', `the body is no object with a member "${field}"; send JSON`)
      const members = body as Record<string, unknown>
      const who = { viewer: viewer(request), teams: await teams(request) }
      const { answer, model } = await find(nameIn(members, field), { type, strict, ...who })
      members[field] = answer.providerModelId
      request.modelResolution = answer
      tellSubstitute(reply, answer)
      void reply.headers(deprecationHeaders(model))
    }
  }
}

/** Names the model that stands in for the one that was asked for. */
function tellSubstitute(reply: FastifyReply, { fallback, name }: Resolution): void {
  if (fallback) void reply.header('x-model-fallback', headerValue(name))
}

function nameIn(members: Record<string, unknown>, field: string): string | null {
  const name = members[field] ?? null
  if (name === null || typeof name === 'string') return name
  throw new ResolveError('FST_MODEL_SYNC_MODEL_NAME', `"${field}" is a ${typeof name}, expected a model’s name as text`)
}
