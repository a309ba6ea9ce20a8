/** LM Studio: the models that one machine has downloaded, loaded or not. */
import { classifyMode } from '../../core/model/guess-mode.js'
import type { Mode } from '../../core/model/model.js'
import { limitOf, membersOf, modeIn, textOf } from '../kit/entry.js'
import { capabilitiesIn } from '../kit/words.js'
import { entriesIn } from '../kit/listing.js'
import { openaiCompatible } from '../kit/openai-compatible.js'
import type { Listing, Source } from '../kit/source.js'

const MODES: ReadonlyMap<string, Mode> = new Map([
  ['llm', 'chat'],
  ['vlm', 'chat'],
  ['embedding', 'embedding'],
  ['embeddings', 'embedding'],
])

const entries = entriesIn('models')
const UNKNOWN_ADDRESS = /unexpected endpoint/i

/**
 * LM Studio's own API, since its `/v1/models` has ids only. Whether a model is loaded changes with each request and is not compared; the context
 * that it is loaded with is shown beside the longest one, which is what it is listed with.
 * @see https://lmstudio.ai/docs/developer/rest/endpoints
 */
const before = openaiCompatible({
  slug: 'lmstudio',
  name: 'LM Studio',
  description: 'The models that LM Studio has on its machine.',
  homepage: 'https://lmstudio.ai/docs/developer/rest',
  version: 2,
  baseUrl: 'http://localhost:1234',
  path: '/api/v0/models',
  chat: { path: '/v1/chat/completions' },
  key: { variables: ['LMSTUDIO_API_KEY', 'LM_API_TOKEN'], required: false },
  volatile: ['state', 'loaded_instances'],
  members: {
    keep: `
      id type publisher arch compatibility_type quantization max_context_length loaded_context_length capabilities
    `,
    leave: 'object state loaded_instances',
  },
  fields: (entry, id) => ({
    ownedBy: textOf(entry['publisher']),
    mode: modeIn(MODES, entry['type'], classifyMode(id)),
    contextLength: limitOf(entry['max_context_length']),
    capabilities: {
      ...capabilitiesIn(entry['capabilities'], { tool_use: 'functionCalling' }),
      ...(entry['type'] === 'vlm' ? { vision: true } : {}),
    },
  }),
})
const [listing] = before.listings as [Listing]
const NONE = { warning: null, complete: true } as const

/** The list of LM Studio 0.4 and newer; an older one answers any address with 200 and an error. */
const current: Listing = {
  ...openaiCompatible({
    ...before,
    path: '/api/v1/models',
    entries: (body) => (UNKNOWN_ADDRESS.test(textOf(membersOf(body)['error']) ?? '') ? [] : entries(body)),
    id: 'key',
    volatile: ['loaded_instances'],
    members: {
      keep: `
        key type publisher display_name architecture quantization{name bits_per_weight} size_bytes params_string
        max_context_length format capabilities{vision trained_for_tool_use reasoning} description
      `,
      leave: 'loaded_instances variants selected_variant capabilities{name id value}',
    },
    fields: (entry, id) => ({
      name: textOf(entry['display_name']) ?? undefined,
      description: textOf(entry['description']),
      ownedBy: textOf(entry['publisher']),
      mode: modeIn(MODES, entry['type'], classifyMode(id)),
      contextLength: limitOf(entry['max_context_length']),
      capabilities: capabilitiesIn(entry['capabilities'], {
        trained_for_tool_use: 'functionCalling',
        vision: 'vision',
        reasoning: 'reasoning',
      }),
    }),
  }).listings[0]!,
  optional: 'what the newer list adds keeps its last state',
  without: ({ status }) => (status === 404 ? NONE : null),
}

/** The list of before 0.4, which newer ones answer as well, and what the newer list adds. */
export const lmstudio = {
  ...before,
  listings: [{ ...listing, without: ({ status }) => (status === 404 ? NONE : null) }, current],
} satisfies Source
