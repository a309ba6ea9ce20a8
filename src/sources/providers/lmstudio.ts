/** LM Studio: the models that one machine has downloaded, loaded or not. */
import { classifyMode } from '../../core/model/guess-mode.js'
import type { Mode } from '../../core/model/model.js'
import { limitOf, modeIn, textOf } from '../kit/entry.js'
import { capabilitiesIn } from '../kit/words.js'
import { openaiCompatible } from '../kit/openai-compatible.js'
import type { Source } from '../kit/source.js'

const MODES: ReadonlyMap<string, Mode> = new Map([
  ['llm', 'chat'],
  ['vlm', 'chat'],
  ['embeddings', 'embedding'],
])

/**
 * LM Studio's own API, since its `/v1/models` has ids only. Whether a model is loaded changes with each request and is not compared; the context
 * that it is loaded with is shown beside the longest one, which is what it is listed with.
 * @see https://lmstudio.ai/docs/developer/rest/endpoints
 */
export const lmstudio = openaiCompatible({
  slug: 'lmstudio',
  name: 'LM Studio',
  description: 'The models that LM Studio has on its machine.',
  homepage: 'https://lmstudio.ai/docs/developer/rest',
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
}) satisfies Source
