/** Fireworks AI: kinds, capabilities and context lengths, and the days on which models end, but neither prices nor output limits. */
import { classifyMode } from '../catalog/classify.js'
import type { Mode } from '../catalog/model.js'
import { capabilitiesOf, countOf, dateOf, flagOf, identifyBy, membersOf } from './entry-reader.js'
import type { Members } from './entry-reader.js'
import { entriesOfPages, pageToken } from './listing-paging.js'
import { openaiCompatible } from './openai-compatible.js'
import type { Listing, Source } from './source.js'

const inference = openaiCompatible({
  slug: 'fireworks',
  name: 'Fireworks AI',
  description: 'The models that Fireworks AI serves to a key.',
  homepage: 'https://fireworks.ai/models',
  baseUrl: 'https://api.fireworks.ai',
  path: '/inference/v1/models',
  chat: { path: '/inference/v1/chat/completions' },
  key: { variables: ['FIREWORKS_API_KEY'], required: true },
  // A router picks among models that are listed anyway.
  filter: (entry, id) =>
    entry['kind'] === 'ROUTER' || id.includes('/routers/') || id.startsWith('firerouter/') ? 'router' : null,
  fields: (entry, id) => ({
    mode: modeOf(entry, id),
    contextLength: countOf(entry['context_length']),
    capabilities: capabilitiesOf({
      functionCalling: flagOf(entry['supports_tools']),
      vision: flagOf(entry['supports_image_input']),
    }),
  }),
})

const identify = identifyBy('name')

/** The control plane's list, the only one that states when a model ends. */
const account: Listing = {
  path: '/v1/accounts/fireworks/models?pageSize=200&filter=supports_serverless%3Dtrue',
  entries: entriesOfPages('models'),
  next: pageToken('nextPageToken', 'pageToken'),
  identify,
  parse: (entry) =>
    identify(entry) === null
      ? { kind: 'rejected', reason: 'the entry has no name' }
      : { kind: 'model', fields: { deprecationDate: endOf(membersOf(entry)['deprecationDate']) } },
  // The first list says all else.
  strip: (entry) => ({ deprecationDate: membersOf(entry)['deprecationDate'] ?? null }),
  supplements: true,
  without: ({ status }) => ({
    warning: `the list of accounts/fireworks answered ${status}, so that it is not known which models end; the key needs to read it`,
    complete: true,
  }),
}

/** @see https://docs.fireworks.ai/tools-sdks/openai-compatibility and https://docs.fireworks.ai/api-reference/list-models (read 2026-11) */
export const fireworks = { ...inference, version: 2, listings: [...inference.listings, account] } satisfies Source

// A date of zeros is none.
function endOf(date: unknown): string | null {
  const { year, month, day } = membersOf(date)
  const parts = [year, month, day]
  if (!parts.every(Number.isSafeInteger)) return null
  return dateOf(parts.map((part, place) => String(part).padStart(place === 0 ? 4 : 2, '0')).join('-'))
}

// An embedding model or a reranker may say `supports_chat: true`; its kind knows better.
function modeOf(entry: Members, id: string): Mode | null {
  if (entry['kind'] === 'EMBEDDING_MODEL') return classifyMode(id) === 'rerank' ? 'rerank' : 'embedding'
  return entry['supports_chat'] === true ? 'chat' : classifyMode(id)
}
