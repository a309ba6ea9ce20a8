/** The sync webhook, /models/sync/webhook/:provider: an upstream or a deploy script says that models have changed. */
import type { TypeBoxTypeProvider } from '@fastify/type-provider-typebox'
import type { FastifyInstance, FastifyRequest, onRequestHookHandler } from 'fastify'
import { Type } from 'typebox'
import { NotFoundError } from '../errors.js'
import { ErrorSchema } from './shared/errors.js'
import { hooksFor } from './shared/rights.js'
import type { TokenGuesses } from './shared/token-guesses.js'
import { verifySyncWebhook } from './shared/sync-webhook-signature.js'

export interface SyncWebhookRouteOptions {
  /** `null`: the route is off. */
  secret: string | null
  guesses: TokenGuesses
}

// What it says is not looked at; it is only read to check the signature.
const BODY_BYTES = 256 * 1024

/** In a scope of its own: the signature is over the bytes, so that here, and only here, no body is parsed. */
export default async function syncWebhookRoutes(
  instance: FastifyInstance,
  { secret, guesses }: SyncWebhookRouteOptions,
): Promise<void> {
  const fastify = instance.withTypeProvider<TypeBoxTypeProvider>()
  const { modelSync } = instance
  const verify = (signed: () => string, request: FastifyRequest): string => {
    try {
      return signed()
    } catch (error) {
      // A message without a signature is no guess, as a request without a token is none.
      throw (request.headers['webhook-signature'] === undefined ? null : guesses.count(request)) ?? error
    }
  }
  fastify.removeAllContentTypeParsers()
  fastify.addContentTypeParser('*', { parseAs: 'buffer', bodyLimit: BODY_BYTES }, (_request, body, done) =>
    done(null, body),
  )

  fastify.post(
    '/models/sync/webhook/:provider',
    {
      // Before the body: who is off reads none.
      onRequest: hooksFor<onRequestHookHandler>('sync-webhook-signature', [
        (_request, _reply, done) => {
          done(
            secret === null
              ? new NotFoundError('the sync webhook is off; set MODEL_SYNC_WEBHOOK_SECRET (webhookSecret)')
              : undefined,
          )
        },
      ]),
      schema: {
        tags: ['sync'],
        summary: 'Start a sync of one provider with a signed message',
        description:
          'Sign it as Standard Webhooks says, with `webhook-id`, `webhook-timestamp` and `webhook-signature`, over any body.',
        params: Type.Object({ provider: Type.String() }),
        body: Type.Unknown({ description: 'anything; only its signature is looked at' }),
        headers: Type.Object({
          'webhook-id': Type.Optional(Type.String()),
          'webhook-timestamp': Type.Optional(Type.String()),
          'webhook-signature': Type.Optional(Type.String()),
        }),
        response: { 202: Type.Object({ provider: Type.String(), accepted: Type.Boolean() }), '4xx': ErrorSchema },
      },
    },
    async (request, reply) => {
      const { headers, params } = request
      const message = {
        id: headers['webhook-id'],
        timestamp: headers['webhook-timestamp'],
        signature: headers['webhook-signature'],
        body: Buffer.isBuffer(request.body) ? request.body : Buffer.alloc(0),
      }
      const id = verify(() => verifySyncWebhook(message, secret ?? '', modelSync.triggers.syncWebhook.now()), request)
      await modelSync.triggers.syncWebhook.take(params.provider, id)
      void reply.code(202)
      return { provider: params.provider, accepted: true }
    },
  )
}
