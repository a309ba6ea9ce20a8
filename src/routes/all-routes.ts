/** All routes of the plugin, in one encapsulated scope: its own parsers, validators and error shape; the host's stay as they are. */
import type { FastifyInstance, onRequestHookHandler } from 'fastify'
import adminRoutes from './admin-model-sync.js'
import catalogueRoutes from './models.js'
import clientFileRoutes from './client-files.js'
import cronRoutes from './sync-cron.js'
import deprecationRoutes from './deprecations.js'
import changeRoutes from './changes.js'
import editRoutes from './model-edits.js'
import userKeyRoutes from './user-keys.js'
import { closeSchemas } from './shared/closed-schemas.js'
import { describeOperations } from './shared/describe-operations.js'
import { shapeErrors } from './shared/errors.js'
import { chooseKeys } from './shared/choose-keys.js'
import eventRoutes from './sync-events.js'
import type { RouteHooks } from './shared/hooks.js'
import { TokenGuesses } from './shared/token-guesses.js'
import healthRoutes from './health.js'
import newsRoutes from './news.js'
import openaiRoutes from './openai-models.js'
import type { OpenaiIds } from '../core/model/openai-entry.js'
import { keepAnswersPrivate } from './shared/private-answers.js'
import { hooksFor, type Right } from './shared/rights.js'
import { guardOrigin } from './shared/same-origin.js'
import { acceptJsonOnly, validateStrictly } from './shared/strict-parsing.js'
import livenessRoutes, { type LivenessOptions } from './liveness.js'
import probeRoutes from './model-probes.js'
import priceRoutes from './prices.js'
import providerRoutes from './providers.js'
import { reserveWords } from './shared/reserved-words.js'
import resolveRoutes from './resolve.js'
import { serializeOwnAnswers } from './shared/serialization.js'
import settingsPageRoutes, { type SettingsPageOptions } from './settings-page.js'
import syncRoutes from './sync.js'
import syncWebhookRoutes from './sync-webhook.js'
import { readNumbersInQueries } from './shared/whole-numbers.js'
import { refuseWrongMethods } from './shared/wrong-method.js'

export interface RouteOptions extends LivenessOptions {
  authorize: readonly onRequestHookHandler[]
  authorizeRead: readonly onRequestHookHandler[]
  /** `null`: as `authorize`. */
  authorizeUser: readonly onRequestHookHandler[] | null
  allowedOrigins: readonly string[]
  /** Refuses requests that are meant for another host; `null`: any may be meant. */
  knownHosts: onRequestHookHandler | null
  /** @see DescribedAccess.securityScheme */
  securityScheme: string | null
  /** Ids of OpenAI's list. */
  openaiIds: OpenaiIds
  /** `null`: there is none. */
  settingsPage: SettingsPageOptions | null
  assetsDir: string | undefined
  /** `null`: the cron route is off. */
  cronSecret: string | null
  webhookSecret: string | null
  /** HTTP status when a sync failed. */
  failedSyncStatus: number
  /** Absolute, prefix included; `null`: as the request came in. */
  publicUrl: string | null
  user: RouteHooks['user']
  teams: RouteHooks['teams']
}

export default async function routes(fastify: FastifyInstance, options: RouteOptions): Promise<void> {
  acceptJsonOnly(fastify)
  validateStrictly(fastify)
  closeSchemas(fastify)
  const own = options.authorizeUser ?? options.authorize
  describeOperations(fastify, {
    securityScheme: options.securityScheme,
    guarded: new Set<Right>([
      ...(options.authorizeRead.length > 0 ? (['read'] as const) : []),
      ...(options.authorize.length > 0 ? (['write', 'start'] as const) : []),
      ...(own.length > 0 ? (['own-read', 'own-write', 'start'] as const) : []),
    ]),
  })
  refuseWrongMethods(fastify)
  reserveWords(fastify, (word) => fastify.modelSync.catalogue.editor.reserve(word))
  keepAnswersPrivate(fastify)
  shapeErrors(fastify)
  serializeOwnAnswers(fastify)
  readNumbersInQueries(fastify)
  if (options.knownHosts !== null) fastify.addHook('onRequest', options.knownHosts)
  const guard = guardOrigin(options.allowedOrigins)
  const guesses = new TokenGuesses()
  const hooks: RouteHooks = {
    read: hooksFor('read', options.authorizeRead),
    write: hooksFor('write', [guard, ...options.authorize]),
    ownRead: hooksFor('own-read', own),
    ownWrite: hooksFor('own-write', [guard, ...own]),
    user: options.user,
    teams: options.teams,
  }
  const { failedSyncStatus } = options
  await fastify.register(syncRoutes, {
    ...hooks,
    failedSyncStatus,
    start: hooksFor('start', [guard, chooseKeys(fastify, options)]),
  })
  await fastify.register(eventRoutes, { ...hooks, guarded: options.authorize.length > 0 })
  await fastify.register(cronRoutes, { secret: options.cronSecret, guesses, failedSyncStatus })
  await fastify.register(syncWebhookRoutes, { secret: options.webhookSecret, guesses })
  await fastify.register(catalogueRoutes, hooks)
  await fastify.register(deprecationRoutes, hooks)
  await fastify.register(userKeyRoutes, hooks)
  await fastify.register(probeRoutes, hooks)
  await fastify.register(resolveRoutes, hooks)
  await fastify.register(async (scope) => {
    // Who has changed something resolves by it with the next request.
    scope.addHook('onSend', async ({ method }, { statusCode }) => {
      if (method !== 'GET' && statusCode < 400) await scope.modelSync.catalogue.refresh()
    })
    await scope.register(editRoutes, hooks)
    await scope.register(providerRoutes, hooks)
  })
  await fastify.register(changeRoutes, { ...hooks, publicUrl: options.publicUrl })
  await fastify.register(priceRoutes, hooks)
  await fastify.register(adminRoutes, { ...hooks, failedSyncStatus })
  await fastify.register(healthRoutes, hooks)
  await fastify.register(livenessRoutes, { livenessPath: options.livenessPath, readinessPath: options.readinessPath })
  await fastify.register(newsRoutes, hooks)
  await fastify.register(openaiRoutes, { ...hooks, ids: options.openaiIds })
  await fastify.register(clientFileRoutes, hooks)
  if (options.settingsPage !== null)
    await fastify.register(settingsPageRoutes, {
      ...options.settingsPage,
      assetsDir: options.assetsDir,
      readsClosed: options.authorizeRead.length > 0,
      prefix: '/settings',
    })
}
