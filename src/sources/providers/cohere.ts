/** Cohere: its list of models, by the endpoints that each of them serves. */
import { classifyMode } from '../../core/model/guess-mode.js'
import type { Mode } from '../../core/model/model.js'
import { capabilitiesOf, flagOf, limitOf, modeIn } from '../kit/entry.js'
import { capabilitiesIn, listOf, unreadMode } from '../kit/words.js'
import { pageToken } from '../kit/paging.js'
import { entriesIn } from '../kit/listing.js'
import { openaiCompatible } from '../kit/openai-compatible.js'
import type { Source } from '../kit/source.js'

// The first that a model has says what it is for: `command-r` has `generate` and `summarize` too, and a reranker has been seen with `chat`.
const ENDPOINTS: readonly (readonly [endpoint: string, mode: Mode])[] = [
  ['rerank', 'rerank'],
  ['embed', 'embedding'],
  ['embed_image', 'embedding'],
  ['transcriptions', 'audio_transcription'],
  ['transcribe', 'audio_transcription'],
  ['chat', 'chat'],
  ['generate', 'completion'],
]
const FEATURES = {
  tools: 'functionCalling',
  strict_tools: 'functionCalling',
  tool_choice: 'toolChoice',
  json_schema: 'structuredOutput',
  reasoning: 'reasoning',
  thinking: 'reasoning',
  vision: 'vision',
  images: 'vision',
} as const

/**
 * A model that `is_deprecated` still answers whoever used it before, and the day of its end is not listed: it stays a model, and the flag stays
 * in the entry that is kept.
 * @see https://docs.cohere.com/reference/list-models and https://docs.cohere.com/docs/deprecations (read 2026-11)
 */
export const cohere = openaiCompatible({
  slug: 'cohere',
  name: 'Cohere',
  description: 'The Command, Embed and Rerank models, from their maker.',
  homepage: 'https://cohere.com',
  version: 2,
  baseUrl: 'https://api.cohere.com',
  clientPaths: ['/v2', '/compatibility/v1'],
  path: '/v1/models?page_size=1000',
  entries: entriesIn('models'),
  next: pageToken('next_page_token', 'page_token'),
  id: 'name',
  key: { variables: ['COHERE_API_KEY', 'CO_API_KEY'], required: true },
  members: {
    keep: `
      name is_deprecated finetuned endpoints default_endpoints features context_length supports_vision tokenizer_url
    `,
  },
  fields(entry, id) {
    const endpoints = listOf(entry['endpoints'])
    const named = classifyMode(id)
    const stated = ENDPOINTS.find(([endpoint]) => endpoints.includes(endpoint))?.[1] ?? modeIn(new Map(), endpoints[0])
    return {
      ownedBy: 'cohere',
      mode: endpoints.length === 0 ? (named ?? unreadMode(entry['endpoints'])) : named === 'rerank' ? named : stated,
      contextLength: limitOf(entry['context_length']),
      capabilities: {
        ...(endpoints.includes('embed_image') ? { vision: true } : {}),
        ...capabilitiesIn(entry['features'], FEATURES),
        ...capabilitiesOf({ vision: flagOf(entry['supports_vision']) }),
      },
    }
  },
}) satisfies Source
