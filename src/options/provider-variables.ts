/** The variables of the providers: their keys, their addresses, and endpoints that are added by configuration. */
import { plainText } from '../core/input/shown-option.js'
import { addressVariable, headersVariable, type Source } from '../sources/kit/source.js'
import { DEVELOPMENT_ADDRESS } from '../sources/providers/morpheus/address.js'
import { sources } from '../sources/all-sources.js'
import { VARIABLE } from './define-option.js'

type Environment = Readonly<Record<string, string | undefined>>

interface OwnOptions {
  apiKey?: string
  baseUrl?: string
  defaultBaseUrl?: string
  keySettings?: Record<string, string>
}

interface Endpoint {
  slug: string
  url: string
  keyVariable?: string
  apiKey?: string
}

/** LiteLLM's have options of their own. */
const others = (): readonly Source[] => sources.filter(({ slug }) => slug !== 'litellm')

/** Each variable that some provider reads, sorted. */
export function providerVariables(): string[] {
  const variables = others().flatMap((source) => [
    ...source.key.variables,
    ...(source.key.settings ?? []),
    ...(source.addressFrom?.variables ?? []),
    addressVariable(source),
  ])
  return [...new Set(variables)].sort()
}

/** What is set for each provider, by slug; one of which nothing is set is left out. */
export function readProviderVariables(env: Environment): Record<string, OwnOptions> {
  const read = (variable: string): string | undefined => env[variable]?.trim() || undefined
  const found: Record<string, OwnOptions> = {}
  for (const source of others()) {
    const apiKey = source.key.variables.map(read).find((value) => value !== undefined)
    const region = source.addressFrom?.variables.map(read).find((value) => value !== undefined)
    const baseUrl = read(addressVariable(source))
    const defaultBaseUrl = region === undefined ? developmentAddress(source, env) : source.addressFrom?.address(region)
    const keySettings = Object.fromEntries(
      (source.key.settings ?? []).flatMap((variable) => {
        const value = read(variable)
        return value === undefined ? [] : [[variable, value]]
      }),
    )
    const own = {
      ...(apiKey === undefined ? {} : { apiKey }),
      ...(baseUrl === undefined ? {} : { baseUrl }),
      ...(defaultBaseUrl === undefined ? {} : { defaultBaseUrl }),
      ...(Object.keys(keySettings).length === 0 ? {} : { keySettings }),
    }
    if (Object.keys(own).length > 0) found[source.slug] = own
  }
  return found
}

/** `<SLUG>_HEADERS` of each provider, as it is written; what is wrong in it matters once the provider is synced. */
export function readHeaderVariables(env: Environment, added: readonly string[]): Record<string, { headers: string }> {
  const slugs = [...sources.map(({ slug }) => slug), ...added]
  const set = slugs.map((slug) => [slug, env[headersVariable(slug)]?.trim() ?? ''] as const)
  return Object.fromEntries(set.filter(([, headers]) => headers !== '').map(([slug, headers]) => [slug, { headers }]))
}

// Another program's NODE_ENV decides which network is asked, as it did in the system that read this list before; never whether one is.
function developmentAddress({ slug }: Source, env: Environment): string | undefined {
  return slug === 'morpheus' && env['NODE_ENV'] === 'development' ? DEVELOPMENT_ADDRESS : undefined
}

const VARIABLE_NAME = new RegExp(VARIABLE.pattern)

/** `mybox=http://box:8000/v1;key=MYBOX_KEY, other=https://…` */
export function readEndpoints(text: string, env: Environment, problems: string[]): Endpoint[] {
  return text
    .split(/[,\s]+/)
    .filter((part) => part !== '')
    .flatMap((part, index) => {
      const [, slug, url, keyVariable] = /^([^=;]+)=([^;]+)(?:;key=(.*))?$/.exec(part) ?? []
      if (slug === undefined || url === undefined) {
        // Not the entry itself, in which somebody may have put the key.
        problems.push(
          `entry ${index + 1} of MODEL_SYNC_OPENAI_COMPATIBLE cannot be read; expected slug=address, perhaps with ;key=NAME_OF_ITS_VARIABLE`,
        )
        return []
      }
      if (keyVariable !== undefined && !isVariable(keyVariable, env)) {
        problems.push(
          `entry ${index + 1} of MODEL_SYNC_OPENAI_COMPATIBLE has something else behind ;key= than ${VARIABLE['x-expected']}; put the key itself into that variable`,
        )
        return []
      }
      const apiKey = keyVariable === undefined ? undefined : env[keyVariable]?.trim() || undefined
      return [
        {
          slug,
          url,
          ...(keyVariable === undefined ? {} : { keyVariable }),
          ...(apiKey === undefined ? {} : { apiKey }),
        },
      ]
    })
}

/** Some keys are capital letters and digits alone: what is not set must at least look like a name. */
function isVariable(name: string, env: Environment): boolean {
  return VARIABLE_NAME.test(name) && (env[name] !== undefined || plainText(name) !== null)
}
