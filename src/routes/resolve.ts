/** /models/resolve: which model a name means. */
import type { TypeBoxTypeProvider } from '@fastify/type-provider-typebox'
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'
import { Type } from 'typebox'
import { headerValue } from './shared/header-value.js'
import { REQUEST_TYPE_PATTERN, REQUEST_TYPE_WORDS } from '../core/names/request-type.js'
import { ResolveError } from '../core/names/resolve-error.js'
import { MOST_SUGGESTED_NAMES } from '../core/names/resolve-all.js'
import type { Resolution, Unavailable } from '../core/names/resolution.js'
import { admits } from './shared/admits.js'
import { DirectoryStatsSchema } from '../core/names/directory-stats.js'
import { RefusedNameSchema, ResolutionSchema } from '../core/names/resolution.js'
import { ErrorSchema } from './shared/errors.js'
import type { RouteHooks } from './shared/hooks.js'

const MOST_NAMES = 1000
const TypeWord = Type.String({
  default: 'chat',
  maxLength: 50,
  pattern: REQUEST_TYPE_PATTERN,
  'x-expected': `one of ${REQUEST_TYPE_WORDS}`,
  description: `${REQUEST_TYPE_WORDS}, in any case`,
})
const Strict = Type.Boolean({ default: false, description: 'true: an unknown name is an error, without a substitute' })
const Suggest = Type.Boolean({
  description: 'search for names that may have been meant by an unknown one; default: only with strict',
})
const Name = Type.String({ maxLength: 2000 })

const tags = ['models']
/** A name that leads nowhere: 404 with suggestions, 400 for another type; 503 while nothing is loaded. */
const refusals = { '4xx': ErrorSchema, 503: ErrorSchema }

export default async function resolveRoutes(
  instance: FastifyInstance,
  { read, write, user, teams }: RouteHooks,
): Promise<void> {
  const fastify = instance.withTypeProvider<TypeBoxTypeProvider>()
  const { modelSync } = instance
  const mayWrite = admits(instance, write)
  const tellActors = async <Told extends { unavailable?: Unavailable | null }>(
    request: FastifyRequest,
    reply: FastifyReply,
    answers: Told[],
  ): Promise<Told[]> =>
    answers.some(({ unavailable }) => unavailable != null) && (await mayWrite(request, reply))
      ? modelSync.names.withheldActors.tell(answers)
      : answers

  fastify.get(
    '/models/resolve',
    {
      onRequest: read,
      schema: {
        tags,
        summary: 'Find out which model a name means',
        querystring: Type.Object(
          {
            model: Type.Optional(
              Type.String({
                maxLength: 2000,
                description: 'an id, a name or an alias; if it is blank or missing, the default',
              }),
            ),
            type: TypeWord,
            strict: Strict,
            suggest: Type.Optional(Suggest),
          },
          { additionalProperties: false },
        ),
        response: { 200: ResolutionSchema, ...refusals },
      },
    },
    async (request, reply) => {
      const { model = '', type, strict, suggest } = request.query
      try {
        const who = { viewer: user(request), teams: await teams(request) }
        const found = await modelSync.resolve(model, { type, strict, suggest, ...who })
        if (found.fallback) void reply.header('x-model-fallback', headerValue(found.name))
        return found.unavailable == null ? found : (await tellActors(request, reply, [found]))[0]
      } catch (error) {
        if (!(error instanceof ResolveError) || error.unavailable === null) throw error
        const { unavailable } = error
        throw Object.assign(error, ...(await tellActors(request, reply, [{ unavailable }])))
      }
    },
  )

  fastify.post(
    '/models/resolve',
    {
      onRequest: read,
      schema: {
        tags,
        summary: 'Find out which models up to 1,000 names mean',
        description: `The first ${MOST_SUGGESTED_NAMES} unknown names of a list get suggestions.`,
        body: Type.Object(
          {
            models: Type.Array(Name, { maxItems: MOST_NAMES, description: 'ids, names or aliases' }),
            type: Type.Optional(TypeWord),
            strict: Type.Optional(Strict),
            suggest: Type.Optional(Suggest),
          },
          { additionalProperties: false },
        ),
        response: {
          200: Type.Object({
            results: Type.Array(Type.Union([ResolutionSchema, RefusedNameSchema]), {
              description: 'one for each name, in their order: the answer, or why there is none',
            }),
          }),
          ...refusals,
        },
      },
    },
    async (request, reply) => {
      const { models, type = 'chat', strict = false, suggest } = request.body
      const who = { viewer: user(request), teams: await teams(request) }
      const results = await modelSync.names.resolveAll(models, { type, strict, suggest, ...who })
      return { results: (await tellActors(request, reply, results)) as Resolution[] }
    },
  )

  fastify.get(
    '/models/resolver/stats',
    {
      onRequest: read,
      schema: {
        tags,
        summary: 'Show the models in memory',
        description: 'How many they are, how old, and how often they were asked.',
        response: { 200: DirectoryStatsSchema, '4xx': ErrorSchema },
      },
    },
    async () => modelSync.names.stats(),
  )
}
