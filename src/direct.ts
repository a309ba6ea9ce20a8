/**
 * The entry `fastify-model-sync/direct`: names to models from the list of active models, without a database and without Fastify.
 *
 * It reads its few variables by itself, since the schema of all options would cost more than the rest of a cold start.
 */
import { describeAddressProblem } from './core/input/http-address.js'
import { DEFAULT_VARIABLES } from './core/names/default-models.js'
import { checkMembers, type KnownMembers } from './core/input/known-members.js'
import type { DefaultModels } from './core/names/model-resolver.js'
import { createDirectLoader } from './services/names/load-active-models.js'
import { createFileLoader } from './services/names/load-models-json.js'
import { withLocalModels } from './services/names/with-models-json.js'
import { createModelDirectory, type ModelDirectory } from './services/names/model-directory.js'
import { ACTIVE_MODELS_ADDRESS, DEVELOPMENT_ADDRESS } from './sources/providers/morpheus/address.js'
import { withoutUser } from './upstream/gateway.js'
import { readProxyRules } from './upstream/proxy-rules.js'

export { readRequestType } from './core/names/request-type.js'
export type { RequestType } from './core/names/request-types.js'
export { ResolveError } from './core/names/resolve-error.js'
export type { DefaultModels, ResolveOptions } from './core/names/model-resolver.js'
export type { Resolution } from './core/names/resolution.js'
export type { DirectoryStats } from './core/names/directory-stats.js'
export type { ModelDirectory } from './services/names/model-directory.js'

export interface DirectModelsOptions {
  /** Address of the list. Default: ACTIVE_MODELS_URL, else the list of the network that NODE_ENV asks for. */
  url?: string | undefined
  /** Seconds for which the list is good. Default: MODEL_CACHE_TTL_SECONDS, else 300. */
  cacheTtlSeconds?: number | undefined
  /** For the whole answer, ms. Default 10,000. */
  timeoutMs?: number | undefined
  /** A file that keeps the last good list, so that a restart is warm. Default: none. */
  snapshotPath?: string | undefined
  /** A models.json that answers until the list is there, and adds what only it has. Default: MODELS_JSON_PATH, else none. */
  modelsJsonPath?: string | undefined
  /** What stands in for an unknown model. Default: DEFAULT_FALLBACK_MODEL and the like. */
  defaults?: { [Type in keyof DefaultModels]?: DefaultModels[Type] | undefined } | undefined
  /** Told of each load that failed, and of a file that cannot be read. Default: nobody; `stats()` has the last one. */
  failed?: ((error: Error) => void) | undefined
  /** Forward proxy, http://host:port, or `none`. Default: MODEL_SYNC_PROXY, else HTTPS_PROXY, HTTP_PROXY and NO_PROXY. */
  proxy?: string | undefined
  /** Default: the built-in one, or one through the proxy. */
  fetch?: typeof fetch | undefined
  /** Default: `process.env`. */
  env?: Readonly<Record<string, string | undefined>> | undefined
}

const DIRECT_OPTIONS: KnownMembers<DirectModelsOptions> = {
  url: true,
  proxy: true,
  cacheTtlSeconds: true,
  timeoutMs: true,
  snapshotPath: true,
  modelsJsonPath: true,
  defaults: true,
  failed: true,
  fetch: true,
  env: true,
}
const DEFAULTS: KnownMembers<DefaultModels> = { chat: true, embedding: true, speech: true, transcription: true }
const TTL_SECONDS = 300

/**
 * A directory over the list of active models; nothing is fetched before the first name is asked for, and no timer keeps the process alive.
 * @throws TypeError when the address or the seconds are none, and for an option that there is none of
 */
export function directModels(given: DirectModelsOptions = {}): ModelDirectory {
  checkMembers('directModels', given, DIRECT_OPTIONS)
  const { env = process.env, ...options } = given
  if (options.defaults !== undefined) checkMembers('directModels: defaults', options.defaults, DEFAULTS)
  const read = (variable: string): string | undefined => env[variable]?.trim() || undefined
  const { failed, snapshotPath, timeoutMs } = options
  const home = read('NODE_ENV') === 'development' ? DEVELOPMENT_ADDRESS : ACTIVE_MODELS_ADDRESS
  const url = checkAddress(options.url ?? read('ACTIVE_MODELS_URL') ?? home)
  const ttlSeconds = options.cacheTtlSeconds ?? Number(read('MODEL_CACHE_TTL_SECONDS') ?? TTL_SECONDS)
  if (!(ttlSeconds > 0 && Number.isFinite(ttlSeconds)))
    throw new TypeError(
      `MODEL_CACHE_TTL_SECONDS (cacheTtlSeconds) is ${ttlSeconds}, expected a number of seconds above 0`,
    )
  const shared = (variable: string): string | undefined => read(variable.toLowerCase()) ?? read(variable)
  const proxy = readProxyRules(
    {
      proxy: options.proxy ?? read('MODEL_SYNC_PROXY'),
      httpProxy: shared('HTTP_PROXY'),
      httpsProxy: shared('HTTPS_PROXY'),
      noProxy: shared('NO_PROXY'),
      proxyPrivate: /^(true|1|yes|on)$/i.test(read('MODEL_SYNC_PROXY_PRIVATE') ?? ''),
    },
    (problem) => failed?.(new Error(problem)),
  )
  const { address, headers } = withoutUser(url)
  const list = createDirectLoader({
    url: address,
    headers,
    proxy,
    snapshotPath,
    timeoutMs,
    fetch: options.fetch,
    failed,
  })
  const file = options.modelsJsonPath ?? read('MODELS_JSON_PATH')
  return createModelDirectory({
    ...(file === undefined
      ? list
      : withLocalModels(list, createFileLoader({ path: file, failed: failed ?? (() => undefined) }))),
    ttlMs: ttlSeconds * 1000,
    defaults: {
      chat: read(DEFAULT_VARIABLES.chat),
      embedding: read(DEFAULT_VARIABLES.embedding),
      speech: read(DEFAULT_VARIABLES.speech),
      transcription: read(DEFAULT_VARIABLES.transcription),
      ...options.defaults,
    },
    failed,
  })
}

function checkAddress(url: string): string {
  const problem = describeAddressProblem(url)
  if (problem === null) return url
  throw new TypeError(`ACTIVE_MODELS_URL (url) is ${problem}`)
}
