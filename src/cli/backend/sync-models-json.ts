/** One update of a models.json straight from the list of active models. */
import { setTimeout as delay } from 'node:timers/promises'
import { withoutCredentials } from '../../core/input/address-text.js'
import { failure } from '../../errors.js'
import { readServerOptions, commandOptionsFromEnv } from '../../options.js'
import { checkAddresses, providerSetups } from '../../plugins/provider-setups.js'
import { MODELS_JSON_PROVIDER, readFeed } from '../../services/models-json/upstream-list.js'
import { describeUpdate } from '../../services/models-json/log-summary.js'
import { updateModelsJson, type ModelsJsonUpdate } from '../../services/models-json/update.js'
import { fetchSource } from '../../upstream/read-source.js'
import { createHttpClient } from '../../upstream/http-client.js'
import { readProxyRules, type ProxyRules } from '../../upstream/proxy-rules.js'
import { NO_GATEWAY } from '../../upstream/gateway.js'
import { readAuthorities } from '../../plugins/provider-gateway.js'
import { USER_AGENT } from '../../version.js'
import { createLog } from '../output/log.js'
import { UsageError } from '../line/usage-error.js'

/**
 * @throws UsageError without a file; OptionsError; UpstreamError, MalformedAnswerError and CancelledError of the list; what
 * {@link updateModelsJson} throws
 */
export async function syncModelsJson({
  file: given,
  signal,
  logging,
}: {
  /** Default MODELS_JSON_PATH. */
  file: string | undefined
  signal: AbortSignal
  logging: { verbose: boolean; write(line: string): void }
}): Promise<{ update: ModelsJsonUpdate; file: string; lines: string[] }> {
  const warnings: string[] = []
  const input = commandOptionsFromEnv((line) => warnings.push(line))
  const settings = readServerOptions(input)
  const file = given ?? settings.modelsJsonPath
  if (file === undefined)
    throw new UsageError('models-json needs a file: give --file PATH, or set MODELS_JSON_PATH', 'models-json')
  const log = createLog({ ...logging, level: input.logLevel ?? 'warn' })
  for (const line of warnings) log.warn(line)
  const setups = providerSetups(settings, log)
  checkAddresses(setups, [MODELS_JSON_PROVIDER])
  const setup = setups.setups.find(({ source }) => source.slug === MODELS_JSON_PROVIDER)
  if (setup === undefined || setup.address === null) throw new Error('the provider of models.json has no address')
  log.info(`Fetching active models from ${withoutCredentials(setup.address)}`)
  const proxy = readProxyRules(settings, (problem) => log.warn(problem))
  const texts = await fetchTexts({
    ...setup,
    address: setup.address,
    signal,
    proxy,
    ca: readAuthorities(settings.tls)(),
  })
  const upstream = await readFeed(texts, setup.source, setup.settings)
  log.info(`Successfully fetched ${upstream.length} active models`)
  const update = await updateModelsJson({ file, upstream, now: Date.now })
  return { update, file, lines: describeUpdate(update, file).map(({ line }) => line) }
}

async function fetchTexts({
  source,
  address,
  apiKey,
  gateway = NO_GATEWAY,
  settings: { timeoutMs, guards },
  signal,
  proxy,
  ca,
}: Omit<ReturnType<typeof providerSetups>['setups'][number], 'address'> & {
  address: string
  signal: AbortSignal
  proxy: ProxyRules | null
  ca: string | undefined
}): Promise<Map<string, string>> {
  const client = createHttpClient({ timeoutMs, proxy, ca })
  const texts = new Map<string, string>()
  try {
    const { cause } = await fetchSource(source, {
      address,
      apiKey,
      gateway,
      client,
      previous: null,
      timeoutMs,
      limits: guards,
      userAgent: USER_AGENT,
      signal,
      wait: async (ms, ended) => void (await delay(ms, undefined, { signal: ended })),
      random: Math.random,
      now: Date.now,
      onPage: () => undefined,
      onText: ({ path }, text) => void texts.set(path, text),
    })
    if (cause !== null) throw failure(cause)
    return texts
  } finally {
    await client.close()
  }
}
