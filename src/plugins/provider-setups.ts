/** Which providers there are, how each is reached and treated, and which a sync takes that names none. */
import type { BaseLogger } from 'pino'
import { OptionsError } from '../errors.js'
import type { SyncSettings } from '../options.js'
import type { ProviderSetup, ProviderSetups } from '../services/providers/provider-setup.js'
import { MODELS_JSON_PROVIDER } from '../services/models-json/upstream-list.js'
import { compileSettings, type CompiledSettings } from '../services/providers/provider-settings.js'
import { shownOption } from '../core/input/shown-option.js'
import { meant } from '../core/input/schema-expectation.js'
import { describeAddressProblem } from '../core/input/http-address.js'
import { baseAddress } from '../upstream/base-address.js'
import { addressVariable, type Source } from '../sources/kit/source.js'
import { withoutUser } from '../upstream/gateway.js'
import type { CurrentTls } from '../upstream/tls-files.js'
import { sources } from '../sources/all-sources.js'
import { isLoopbackHost, isReadOnTheWay } from '../upstream/loopback-address.js'
import { openaiCompatibleEndpoint } from '../sources/kit/openai-compatible.js'
import { readAuthorities, readCertificate, readGateway } from './provider-gateway.js'

type Settings = SyncSettings & { sources?: readonly Source[] }

/** @throws OptionsError when an option names a provider that does not exist, two have one slug, or a rule cannot be read */
export function providerSetups(settings: Settings, log: Pick<BaseLogger, 'warn'>): ProviderSetups {
  const endpoints = settings.openaiCompatible ?? []
  const own = settings.sources ?? []
  const added = [
    ...endpoints.map(({ slug, url, keyVariable }) =>
      openaiCompatibleEndpoint({ slug, address: withoutUser(url).address, keyVariable: keyVariable ?? null }),
    ),
    ...own,
  ]
  const table = [...sources, ...added]
  const slugs = table.map(({ slug }) => slug)
  refuseOddSlugs(added)
  const twice = slugs.find((slug, index) => slugs.indexOf(slug) !== index)
  if (twice !== undefined)
    throw new OptionsError(
      `two sources have the slug ${twice}; give the one in MODEL_SYNC_OPENAI_COMPATIBLE (openaiCompatible) or in sources another`,
    )
  refuseUnknown(
    'MODEL_SYNC_PROVIDERS (providers)',
    (settings.providers ?? []).filter((slug) => slug !== 'all'),
    slugs,
  )
  refuseUnknown('MODEL_SYNC_PROVIDER_OPTIONS (providerOptions)', Object.keys(settings.providerOptions ?? {}), slugs)

  const given = new Map(endpoints.map((endpoint) => [endpoint.slug, endpoint]))
  const warn = (line: string): void => log.warn(line)
  const certificate = readCertificate(settings.tls, warn)
  // Before a database is opened.
  readAuthorities(settings.tls)
  const setups = table.map((source) => setUp(source, settings, { endpoint: given.get(source.slug), certificate, warn }))
  const all = setups.filter((setup) => isUsable(setup, settings)).map(({ source }) => source.slug)
  const defaults = chosen(settings, added, all)
  for (const setup of setups) if (defaults.includes(setup.source.slug)) warnOfPlainHttp(setup, log)
  return { setups, defaults, all, unasked: isUnasked(settings, added), keyless: keyless(settings, setups) }
}

/**
 * The addresses of the providers that are about to be synced; what is set for others may be another program's.
 * @throws OptionsError that names the variable of each wrong one
 */
export function checkAddresses({ setups }: Pick<ProviderSetups, 'setups'>, synced: readonly string[]): void {
  const problems = setups.filter(({ source }) => synced.includes(source.slug)).flatMap(({ unusable }) => unusable ?? [])
  if (problems.length > 0) throw new OptionsError(problems.join('; '))
}

function setUp(
  source: Source,
  settings: Settings,
  { endpoint, ...common }: { endpoint: Endpoint | undefined; certificate: CurrentTls; warn(line: string): void },
): ProviderSetup {
  const { slug } = source
  const own = settings.providerOptions?.[slug] ?? {}
  const litellm = slug === 'litellm' ? settings.litellm : undefined
  const { address, problem, basic } = addressOf(source, own, litellm?.url ?? endpoint?.url)
  const { gateway, problem: unreadable } = readGateway(slug, own, { basic, ...common })
  const apiKey = own.apiKey ?? litellm?.apiKey ?? endpoint?.apiKey ?? null
  const unsendable = keyProblem(source, apiKey, endpoint)
  const unusable = [problem, unreadable, unsendable].filter((found) => found !== null).join('; ')
  const reached = address === null ? source : (source.at?.(address) ?? source)
  return {
    // Who sets headers proves by them who asks: a gateway adds the key.
    source:
      Object.keys(gateway.headers).length === 0 ? reached : { ...reached, key: { ...reached.key, required: false } },
    address,
    ...(unusable === '' ? {} : { unusable }),
    apiKey,
    gateway,
    keySettings: own.keySettings ?? {},
    settings: settingsOf(slug, settings),
    keepsTexts: slug === MODELS_JSON_PROVIDER && settings.modelsJsonPath !== undefined,
  }
}

/** Of a key that goes into a header as it is, and cannot. Never with the key. */
function keyProblem({ slug, key, authorize }: Source, apiKey: string | null, endpoint?: Endpoint): string | null {
  if (apiKey === null || authorize !== undefined || /^[\x21-\x7e]+$/.test(apiKey)) return null
  const variables = slug === 'litellm' ? ['LITELLM_API_KEY'] : [endpoint?.keyVariable ?? key.variables].flat()
  return `${variables.join(' or ')} (the key of ${slug}) has a blank, a line break or a character beyond ASCII: expected the key alone, as its provider shows it`
}

type Endpoint = NonNullable<Settings['openaiCompatible']>[number]
type OwnOptions = NonNullable<Settings['providerOptions']>[string]

/** `address` is `null` where only the operator can know it, or where it is wrong; `problem` then names its variable. */
function addressOf(
  source: Source,
  { baseUrl, defaultBaseUrl }: OwnOptions,
  ownUrl: string | undefined,
): { address: string | null; problem: string | null; basic: Record<string, string> } {
  const { slug } = source
  const whole = baseUrl ?? ownUrl ?? defaultBaseUrl
  if (whole === undefined) return { address: source.baseUrl, problem: null, basic: {} }
  const { address: given, headers: basic } = withoutUser(whole)
  const problem = describeAddressProblem(given)
  if (problem === null) return { address: baseAddress(given, source), problem: null, basic }
  const isDefault = baseUrl === undefined && ownUrl === undefined
  const variable = (isDefault ? source.addressFrom?.variables.join(' or ') : undefined) ?? addressVariable(source)
  const option =
    ownUrl === undefined ? `providerOptions.${slug}.${isDefault ? 'defaultBaseUrl' : 'baseUrl'}` : 'litellm.url'
  return { address: null, problem: `${variable} (${option}) is ${problem}`, basic: {} }
}

function chosen(settings: Settings, added: readonly Source[], all: string[]): string[] {
  const { providers } = settings
  if (providers !== undefined) return [...new Set(providers.flatMap((slug) => (slug === 'all' ? all : [slug])))]
  const morpheus = wantsMorpheus(settings) ? ['morpheus'] : []
  const others = [...morpheus, ...added.map(({ slug }) => slug)]
  return others.length > 0 && settings.litellm?.url === undefined ? others : ['litellm', ...others]
}

function isUnasked(settings: Settings, added: readonly Source[]): boolean {
  const { providers, litellm } = settings
  return providers === undefined && litellm?.url === undefined && !wantsMorpheus(settings) && added.length === 0
}

function wantsMorpheus({ modelsJsonPath, providerOptions }: Settings): boolean {
  return modelsJsonPath !== undefined || providerOptions?.['morpheus']?.baseUrl !== undefined
}

function keyless({ providers }: Settings, setups: readonly ProviderSetup[]): string[] {
  if (providers !== undefined && !providers.includes('all')) return []
  return setups
    .filter(({ source, address, apiKey }) => source.key.required && apiKey === null && address !== null)
    .map(({ source }) => source.slug)
    .filter((slug) => providers?.includes(slug) !== true)
}

function isUsable({ source, address, apiKey, unusable }: ProviderSetup, settings: Settings): boolean {
  // One with a wrong address is meant all the same, and refused by it.
  if (address === null && unusable === undefined) return false
  if (source.key.required) return apiKey !== null
  return (
    !(source.onlyByName === true || source.baseUrl === null || isLoopbackHost(new URL(source.baseUrl).hostname)) ||
    settings.providerOptions?.[source.slug]?.baseUrl !== undefined ||
    (source.slug === 'litellm' && settings.litellm?.url !== undefined)
  )
}

/** What holds for every provider, with what is set for this one. */
function settingsOf(slug: string, settings: SyncSettings): CompiledSettings {
  const own = settings.providerOptions?.[slug] ?? {}
  try {
    return compileSettings({
      guards: {
        maxRemovalPercent: own.maxRemovalPercent ?? settings.maxRemovalPercent,
        minRemovals: own.minRemovals ?? settings.minRemovals,
        maxPriceFactor: own.maxPriceFactor ?? settings.maxPriceFactor,
        maxRejectedPercent: own.maxRejectedPercent ?? settings.maxRejectedPercent,
        missesBeforeUnavailable: own.missesBeforeUnavailable ?? settings.missesBeforeUnavailable,
        maxBodyBytes: own.maxBodyBytes ?? settings.maxBodyBytes,
        maxListingBytes: own.maxListingBytes ?? settings.maxListingBytes,
        maxPages: own.maxPages ?? settings.maxPages,
        maxEntries: own.maxEntries ?? settings.maxEntries,
        maxValues: own.maxValues ?? settings.maxValues,
        maxEntryBytes: own.maxEntryBytes ?? settings.maxEntryBytes,
      },
      policy: own.policy ?? 'sync',
      timeoutMs: own.timeoutMs ?? settings.timeoutMs,
      include: own.include ?? [],
      exclude: own.exclude ?? [],
      modes: own.modes ?? null,
    })
  } catch (error) {
    throw new OptionsError(`MODEL_SYNC_PROVIDER_OPTIONS (providerOptions.${slug}): ${(error as Error).message}`)
  }
}

// A slug is part of ids and of paths, and `all` stands for every provider.
function refuseOddSlugs(added: readonly Source[]): void {
  const odd = added.find(({ slug }) => slug === 'all' || !/^[a-z0-9][a-z0-9-]*$/.test(slug))
  if (odd !== undefined)
    throw new OptionsError(
      `a source has the slug ${JSON.stringify(odd.slug)}; expected lower-case letters, digits and hyphens, and not "all", which stands for every provider`,
    )
}

function refuseUnknown(option: string, named: readonly string[], slugs: readonly string[]): void {
  const unknown = named.filter((slug) => !slugs.includes(slug))
  if (unknown.length > 0)
    throw new OptionsError(
      `${option} names ${unknown.map((slug) => shownOption(option, slug)).join(', ')}, which no source has${meant(unknown[0]?.toLowerCase(), slugs)}; expected some of ${slugs.join(', ')}`,
    )
}

function warnOfPlainHttp({ source, address, apiKey, gateway }: ProviderSetup, log: Pick<BaseLogger, 'warn'>): void {
  const isSecret = apiKey !== null || Object.keys(gateway?.headers ?? {}).length > 0
  if (!isSecret || address === null || !isReadOnTheWay(address)) return
  log.warn(
    { provider: source.slug, host: new URL(address).host },
    'The API key is sent over plain http to another host; use https',
  )
}
