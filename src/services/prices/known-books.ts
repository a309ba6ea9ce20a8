/** The books that are read over HTTP: the operator's own LiteLLM proxy, and models.dev where it is asked for. */
import { offerOf, type Offer } from '../../core/model/offer.js'
import { membersOf } from '../../sources/kit/entry.js'
import { modelsDevListing, type ModelsDevEntry } from '../../sources/kit/models-dev.js'
import type { Source } from '../../sources/kit/source.js'
import { costMap } from '../../sources/providers/litellm/cost-map.js'
import { fetchSource, type FetchOptions } from '../../upstream/read-source.js'
import type { RoomContext } from '../room.js'
import { ListedBook } from './listed-book.js'

/** Our providers by models.dev's names of them. */
const MODELS_DEV_PROVIDERS: Readonly<Record<string, string>> = {
  'amazon-bedrock': 'bedrock',
  'cloudflare-workers-ai': 'cloudflare',
  'fireworks-ai': 'fireworks',
  google: 'gemini',
  'google-vertex-anthropic': 'google-vertex',
  moonshotai: 'moonshot',
  'novita-ai': 'novita',
  togetherai: 'together',
  vercel: 'vercel-ai-gateway',
  'x-ai': 'xai',
  ...Object.fromEntries(
    [
      ...[
        'aihubmix',
        'alibaba',
        'anthropic',
        'azure',
        'baseten',
        'cerebras',
        'chutes',
        'cohere',
        'deepinfra',
        'deepseek',
      ],
      ...['friendli', 'google-vertex', 'groq', 'helicone', 'huggingface', 'mistral', 'nebius', 'openai', 'openrouter'],
      ...[
        'digitalocean',
        'kilo',
        'llmgateway',
        'ovhcloud',
        'perplexity',
        'poe',
        'requesty',
        'sambanova',
        'venice',
        'xai',
        'zai',
      ],
    ].map((slug) => [slug, slug]),
  ),
}

/** Asked with the provider's own key, headers and limits. `null`: no sync takes a LiteLLM proxy. */
export function litellmBook(context: RoomContext, signal: AbortSignal): ListedBook | null {
  const { setups, defaults } = context.providers
  const setup = setups.find(({ source }) => source.slug === 'litellm')
  const { address = null, apiKey = null, gateway, keySettings: settings = {} } = setup ?? {}
  if (setup === undefined || address === null || !defaults.includes('litellm')) return null
  const source: Source = { ...setup.source, listings: [costMap] }
  const { log, now } = context
  return new ListedBook({
    ...{ name: 'litellm', listing: costMap, log, now },
    offer(entry) {
      const { key, info } = membersOf(entry)
      const owner = membersOf(info)['litellm_provider']
      return typeof key === 'string' && typeof owner === 'string'
        ? offerOf({ provider: 'litellm', providerModelId: key, ownedBy: owner })
        : null
    },
    fetch: (asked) =>
      fetchSource(source, {
        ...fetchOptions(context, signal),
        ...{ address, apiKey, settings, limits: setup.settings.guards },
        ...(gateway === undefined ? {} : { gateway }),
        ...asked,
      }),
  })
}

/** `null`: nobody asks for it. */
export function modelsDevBook(context: RoomContext, signal: AbortSignal): ListedBook | null {
  const { modelsDevUrl: url } = context.settings
  if (url === undefined) return null
  const { origin, pathname, search } = new URL(url)
  const listing = { ...modelsDevListing, path: `${pathname}${search}` }
  const source = {
    ...{ slug: 'models-dev', name: 'models.dev', description: 'Prices of many sellers.', version: 1 },
    ...{ homepage: 'https://models.dev', baseUrl: origin, listings: [listing] },
    key: { variables: [], required: false, headers: () => ({}) },
  } satisfies Source
  const { log, now } = context
  return new ListedBook({
    ...{ name: 'models-dev', listing, log, now },
    offer: modelsDevOffer,
    fetch: (asked) =>
      fetchSource(source, { ...fetchOptions(context, signal), address: origin, apiKey: null, ...asked }),
  })
}

function modelsDevOffer(entry: unknown): Offer | null {
  const { provider, id } = entry as ModelsDevEntry
  return Object.hasOwn(MODELS_DEV_PROVIDERS, provider) ? { provider: MODELS_DEV_PROVIDERS[provider]!, id } : null
}

function fetchOptions(
  { settings, fetching, now }: RoomContext,
  signal: AbortSignal,
): Omit<FetchOptions, 'address' | 'apiKey' | 'previous' | 'onPage'> {
  const { timeoutMs, maxBodyBytes, maxListingBytes, maxPages, maxEntries, maxValues } = settings
  const limits = { maxBodyBytes, maxListingBytes, maxPages, maxEntries, maxValues }
  return { ...fetching, timeoutMs, limits, retries: 0, signal, now }
}
