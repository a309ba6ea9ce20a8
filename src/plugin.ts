/** The Fastify plugin: options in; registers the database plugin and the routes; decorates `fastify.modelSync`. */
import type { FastifyInstance, FastifyRequest, onRequestHookHandler, RegisterOptions } from 'fastify'
import fp from 'fastify-plugin'
import type { KnownMembers } from './core/input/known-members.js'
import { OptionsError } from './errors.js'
import { readSyncOptions, type SyncSettingsInput } from './options.js'
import database from './plugins/database.js'
import { requireHost, withHostOf } from './plugins/known-hosts.js'
import routes from './routes/all-routes.js'
import type { TeamsOf } from './routes/shared/hooks.js'
import { readSettingsPage, type SettingsPageOptions } from './routes/settings-page.js'
import type { HostHooks } from './services/sync/sync-context.js'
import type { HostUserKeys } from './services/user-keys/user-keys.js'
import type { Source } from './sources/kit/source.js'

export type Hooks = onRequestHookHandler | readonly onRequestHookHandler[]

interface HostOptions extends SyncSettingsInput, Pick<RegisterOptions, 'logLevel' | 'logSerializers'> {
  // Not `| undefined`, since Fastify's own option of this name is not.
  /** Path in front of all routes, such as `/api/v1`. */
  prefix?: string
  /** `onRequest` hooks that let a caller read. By default everybody may. They do not guard the files of the settings page, which hold no data. */
  authorizeRead?: Hooks | undefined
  /** `onRequest` hooks that let users through to what is their own: keys, syncs with these keys, what they have seen. By default `authorize`. */
  authorizeUser?: Hooks | undefined
  /** User keys that the host keeps itself: an async iterable of `{userId, provider, apiKey}`, or a function `(userId) => iterable`. By default our own table. */
  credentials?: HostUserKeys | undefined
  /** Sources of your own, beside those of this package. */
  sources?: readonly Source[] | undefined
  /** `(request) => id`: the user behind a request, for the changelog and the history. By default `null`, nobody in particular. */
  user?: ((request: FastifyRequest) => string | null) | undefined
  /** `(request) => ids`: the caller's teams and access groups, by LiteLLM's ids and names, for restricted models. By default nobody is in any. */
  teams?: TeamsOf | undefined
  /** Origins whose pages may write, beside the server's own, such as `https://admin.example.com`. */
  allowedOrigins?: readonly string[] | undefined
  /** Name of the security scheme, in your OpenAPI document, that your hooks implement. By default the document's only one. */
  securityScheme?: string | undefined
  /** `(client, changes, provider)`: runs inside the transaction. If it throws or takes over 30 s, nothing of that provider is applied. */
  onApply?: HostHooks['onApply'] | undefined
  /** `(models) => [{label, count, modelId?}]`: what depends on models that would become unavailable, for the plan of a dry run. */
  impact?: HostHooks['impact'] | undefined
  /** Serves the settings page at `<prefix>/settings`. `{ signInUrl }` relies on the host's own session. `true` by default. */
  settingsPage?: boolean | SettingsPageOptions | undefined
}

/** One of the two is demanded, since everybody could write otherwise. */
type WhoMayWrite =
  | {
      /** Required. `onRequest` hooks that let a caller write and see `/admin/*`. They run before the body is read. */
      authorize: Hooks
      allowUnauthenticated?: boolean | undefined
    }
  | {
      authorize?: Hooks | undefined
      /** `true` mounts the writing routes for everybody, without `authorize`. */
      allowUnauthenticated: true
    }

export type ModelSyncOptions = HostOptions & WhoMayWrite

/** What the plugin reads itself; the rest is in the schema. */
const HOST_OPTIONS: KnownMembers<Omit<ModelSyncOptions, keyof SyncSettingsInput>> = {
  prefix: true,
  logLevel: true,
  logSerializers: true,
  authorize: true,
  authorizeRead: true,
  authorizeUser: true,
  credentials: true,
  sources: true,
  user: true,
  teams: true,
  allowUnauthenticated: true,
  allowedOrigins: true,
  securityScheme: true,
  onApply: true,
  impact: true,
  settingsPage: true,
}

async function modelSync(fastify: FastifyInstance, options: ModelSyncOptions): Promise<void> {
  // Not of an outer scope, whose catalogue is hidden by one of the scope's own.
  if (Object.hasOwn(fastify, 'modelSync'))
    throw new OptionsError(
      'fastify-model-sync is registered here already: give all options to that one register(), or register a second catalogue in a scope of its own, with another schema and prefix (app.register(async (scope) => scope.register(modelSync, { schema, prefix })))',
    )
  const {
    prefix = '',
    logLevel,
    logSerializers,
    authorize,
    authorizeRead,
    authorizeUser,
    credentials,
    allowUnauthenticated = false,
    allowedOrigins = [],
    securityScheme = null,
    settingsPage = true,
    user = () => null,
    teams = () => [],
    sources = [],
    onApply,
    impact,
    ...settings
  } = options
  const authorizeWrite = [authorize ?? []].flat()
  if (authorizeWrite.length === 0 && !allowUnauthenticated) {
    throw new OptionsError(
      'authorize is missing, so that everybody could start a sync: pass the onRequest hooks that let an administrator through (authorize: [adminOnly]), or allowUnauthenticated: true',
    )
  }
  const hooks = { onApply, impact }
  const page = readSettingsPage(settingsPage)
  const checked = readSyncOptions(settings, Object.keys(HOST_OPTIONS))
  await fastify.register(database, { ...checked, hooks, sources, user, teams, hostUserKeys: credentials ?? null })
  // Encapsulated, since a prefix or a log level has no effect on a plugin that is not.
  await fastify.register(routes, {
    prefix,
    logLevel,
    logSerializers,
    authorize: authorizeWrite,
    authorizeRead: [authorizeRead ?? []].flat(),
    authorizeUser: authorizeUser === undefined ? null : [authorizeUser].flat(),
    allowedOrigins,
    knownHosts:
      checked.allowedHosts === undefined ? null : requireHost(withHostOf(checked.publicUrl, checked.allowedHosts)),
    securityScheme,
    settingsPage: page,
    openaiIds: checked.openaiIds,
    assetsDir: checked.assetsDir,
    cronSecret: checked.cronSecret ?? null,
    webhookSecret: checked.webhookSecret ?? null,
    failedSyncStatus: checked.failedSyncStatus,
    livenessPath: checked.livenessPath ?? null,
    readinessPath: checked.readinessPath ?? null,
    publicUrl: checked.publicUrl ?? null,
    user,
    teams,
  })
}

export default fp(modelSync, { name: 'fastify-model-sync', fastify: '5.x' })
