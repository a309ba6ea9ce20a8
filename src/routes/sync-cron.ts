/** /models/sync/cron: for a scheduler outside of this process, which has a secret of its own and no user. */
import type { TypeBoxTypeProvider } from '@fastify/type-provider-typebox'
import type { FastifyInstance, onRequestHookHandler } from 'fastify'
import { Type } from 'typebox'
import { NotFoundError } from '../errors.js'
import type { TokenGuesses } from './shared/token-guesses.js'
import { requireBearer } from './shared/bearer-token.js'
import { hooksFor } from './shared/rights.js'
import { answerWith, failedSyncStatus, failureSchemas, type FailedSyncOptions } from './shared/result-status.js'
import { SyncResultSchema } from '../core/records/sync-result.js'
import { Nullable } from '../core/schema/nullable.js'

const CronSchema = Type.Object({
  synced: Type.Integer({ description: 'how many syncs there were: the backend’s own, and one for each user' }),
  results: Type.Array(
    Type.Object({
      userId: Nullable(Type.String({ description: 'whose keys were used; null: the backend’s own' })),
      ...SyncResultSchema.properties,
    }),
  ),
})

export interface CronRouteOptions extends FailedSyncOptions {
  /** `null`: the route is off. */
  secret: string | null
  guesses: TokenGuesses
}

export default async function cronRoutes(
  instance: FastifyInstance,
  { secret, guesses, failedSyncStatus: failed }: CronRouteOptions,
): Promise<void> {
  const fastify = instance.withTypeProvider<TypeBoxTypeProvider>()
  const { modelSync } = instance

  const route = (method: 'GET' | 'POST') =>
    fastify.route({
      method,
      url: '/models/sync/cron',
      onRequest: hooksFor('cron-secret', [
        secret === null ? turnedOff : requireBearer({ secrets: [secret], name: 'cron secret', guesses }),
      ]),
      // Nobody who only wants to know whether the route is there should start a sync.
      exposeHeadRoute: false,
      schema: {
        tags: ['sync'],
        summary: 'Sync for a scheduler outside',
        description:
          'Needs the header `Authorization: Bearer <CRON_SECRET>`. Without that option the route is off and answers 404. Syncs with the backend’s keys, then with those of each user.',
        querystring: Type.Object({ failedSyncStatus }),
        response: { 200: CronSchema, ...failureSchemas(CronSchema) },
      },
      handler: async (request, reply) => {
        const results = await modelSync.triggers.syncForAll({ trigger: 'cron' })
        for (const { userId, runId, success, errors } of results)
          if (!success) request.log.error({ userId, runId, errors }, 'Cron model sync failed')
        answerWith(reply, results, request.query.failedSyncStatus ?? failed)
        return { synced: results.length, results }
      },
    })
  route('GET')
  route('POST')
}

const turnedOff: onRequestHookHandler = (_request, _reply, done) => {
  done(new NotFoundError('the cron route is off; set CRON_SECRET (cronSecret) to a secret of 16 characters or more'))
}
