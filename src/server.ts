/** The reference backend (`npm start`): a host like any other, with a settings page, an admin token and OpenAPI under /docs. */
import { setTimeout as delay } from 'node:timers/promises'
import { pathToFileURL } from 'node:url'
import { existsSync } from 'node:fs'
import path from 'node:path'
import fp from 'fastify-plugin'
import Fastify, { type FastifyInstance } from 'fastify'
import type { Logger } from 'pino'
import { DatabaseError } from './errors.js'
import { readServerOptions, serverOptionsFromEnv, type ServerSettings, type ServerSettingsInput } from './options.js'
import { findOwnFolder } from './file-locks/own-folder.js'
import modelSync from './plugin.js'
import { BOOT_SIGNAL } from './plugins/boot-signal.js'
import { accessOf } from './server/access.js'
import { readAdminToken, type AdminToken } from './server/admin-token.js'
import apiDocumentation, { ADMIN_SCHEME } from './server/api-documentation.js'
import { answerFrameworkErrors } from './server/framework-errors.js'
import { isForThisMachine, knownHostsOnly } from './server/known-hosts.js'
import { usableHost } from './server/listen-host.js'
import { openServerLog } from './server/log.js'
import { limitRates } from './server/rate-limits.js'
import { answerNotFound, requestSerializer } from './server/request-line.js'
import { stopOnSignals } from './server/stop-on-signals.js'
import { trustProxy } from './server/trust-proxy.js'
import { openWaitingRoom, type WaitingRoom } from './server/waiting-room.js'

export interface ReferenceBackend {
  url: string
  /** Without the token. */
  settingsUrl: string
  adminToken: AdminToken
  /** Resolves when the database was there and the application answers; rejects when it cannot start at all. */
  ready: Promise<FastifyInstance>
  /** Within 5 seconds, whatever the database does. */
  close(): Promise<void>
}

// The embedded database makes its cluster on the first start: four seconds, and a multiple of that on a busy machine.
const BOOT_TIMEOUT_MS = 120_000
const FIRST_RETRY_MS = 1000
const LONGEST_RETRY_MS = 30_000
// Whoever stops a server kills it after a while; a database that says nothing must not bring it to that.
const CLOSE_LIMIT_MS = 4500

/**
 * Listens at once, answers 503 until the database is there, and tries for it with back-off.
 * @throws OptionsError for wrong options; what listening throws (EADDRINUSE …), with the variable to set
 */
export async function startServer(input: ServerSettingsInput, logger?: Logger): Promise<ReferenceBackend> {
  const settings = readServerOptions(input)
  const log = logger ?? (await openServerLog(settings.logLevel))
  const adminToken = await readAdminToken(settings, (facts, message) => log.warn(facts, message))
  const host = usableHost(settings.host, log)
  const room = await openWaitingRoom({ host, port: settings.port })
  if (!isForThisMachine(host) && (settings.readTokens ?? []).length === 0)
    log.warn(
      { host },
      'HOST lets other machines in, and reads are open to all of them; set READ_TOKENS, or put a proxy with a sign-in in front',
    )
  const closing = new AbortController()
  const ready = bootWithRetries(settings, adminToken, room, log, closing.signal)
  // Whoever starts the server decides what a failed start means; closing meanwhile is none.
  ready.catch(() => undefined)
  return {
    url: room.url,
    settingsUrl: `${room.url}${settings.prefix}/settings`,
    adminToken,
    ready,
    close: async () => {
      closing.abort(new DatabaseError('the server is closing'))
      const application = ready.then(
        (app) => app.close(),
        () => undefined,
      )
      await Promise.race([Promise.all([application, room.close()]), delay(CLOSE_LIMIT_MS, undefined, { ref: false })])
    },
  }
}

async function bootWithRetries(
  settings: ServerSettings,
  adminToken: AdminToken,
  room: WaitingRoom,
  log: Logger,
  signal: AbortSignal,
): Promise<FastifyInstance> {
  room.explain(await firstReason(settings))
  for (let pause = FIRST_RETRY_MS; ; pause = Math.min(pause * 2, LONGEST_RETRY_MS)) {
    const app = buildApplication(settings, adminToken, log)
    app.decorate(BOOT_SIGNAL, signal)
    try {
      await app.ready()
      await app.modelSync.servedAt(`${room.url}${settings.prefix}`)
      room.open(
        (request, response) => app.routing(request, response),
        () =>
          app.modelSync.catalogue.revision().then(
            () => true,
            () => false,
          ),
      )
      return app
    } catch (error) {
      await app.close()
      // The embedded database is never away: what it says, somebody has to mend.
      if (!(error instanceof DatabaseError) || settings.databaseUrl === undefined) throw error
      room.explain('The database does not answer yet; the server’s log says why. It tries again by itself.')
      log.warn({ reason: error.message, retryInMs: pause }, 'The database is away; trying again')
    }
    await delay(pause, undefined, { signal })
  }
}

/** What a person waits for first. */
async function firstReason({ databaseUrl, dataDir }: ServerSettings): Promise<string> {
  if (databaseUrl !== undefined) return 'The server is starting, and waits for its database.'
  return existsSync(path.join((await findOwnFolder(dataDir)).path, 'pglite', 'PG_VERSION'))
    ? 'The server is starting, and opens the embedded database.'
    : 'The embedded database is being created, which takes a few seconds the first time.'
}

function buildApplication(settings: ServerSettings, adminToken: AdminToken, log: Logger): FastifyInstance {
  const { host, port: __, prefix, adminToken: ___, logLevel: ____, trustProxy: proxies, docs, ...rest } = settings
  const { adminTokens, readTokens, rateLimitWrites, rateLimitResolve, rateLimitExports, allowedHosts, ...sync } = rest
  const app = Fastify({
    loggerInstance: log.child({}, { serializers: { req: requestSerializer } }),
    forceCloseConnections: 'idle',
    pluginTimeout: BOOT_TIMEOUT_MS,
    frameworkErrors: answerFrameworkErrors(prefix),
    ...trustProxy(proxies),
  }) as unknown as FastifyInstance
  app.setNotFoundHandler(answerNotFound)
  // Before all others: also what is not found is answered to known hosts only.
  const knownHosts = knownHostsOnly(host, { publicUrl: sync.publicUrl, allowedHosts })
  if (knownHosts !== null) app.addHook('onRequest', knownHosts)
  app.register(fp((scope) => limitRates(scope, { rateLimitWrites, rateLimitResolve, rateLimitExports }, prefix)))
  if (docs) app.register(apiDocumentation)
  app.register(modelSync, {
    ...sync,
    prefix,
    securityScheme: ADMIN_SCHEME,
    ...accessOf({ adminTokens, readTokens }, adminToken.token),
  })
  app.get('/', { logLevel: 'warn', schema: { hide: true } as object }, (_request, reply) =>
    reply.redirect(`${prefix}/settings`),
  )
  return app
}

/** Where the page is; with the token only when it was generated just now and a person reads along. Never through the log, which is kept. */
function announce({ settingsUrl, adminToken }: ReferenceBackend): void {
  const { token, file, generated } = adminToken
  const address = generated && process.stdout.isTTY ? `${settingsUrl}#token=${token}` : settingsUrl
  process.stdout.write(`\nSettings page: ${address}\n`)
  if (file !== null && address === settingsUrl) process.stdout.write(`Admin token:   in ${file}\n`)
  process.stdout.write('\n')
}

async function main(): Promise<void> {
  if (existsSync('.env')) process.loadEnvFile('.env')
  const stopping = stopOnSignals()
  const warnings: string[] = []
  const input = serverOptionsFromEnv(undefined, (line) => warnings.push(line))
  const { logLevel } = readServerOptions(input)
  const log = await openServerLog(logLevel)
  for (const line of warnings) log.warn(line)
  const backend = await startServer(input, log)
  stopping.closes(backend)
  announce(backend)
  await backend.ready.catch((error: Error) => {
    if (!stopping.requested) throw error
  })
}

if (process.argv[1] !== undefined && import.meta.url === pathToFileURL(process.argv[1]).href) {
  main().catch((error: Error) => {
    process.stderr.write(`${error.message}\n`)
    process.exit(1)
  })
}
