/** Fireworks AI: kinds, capabilities and context lengths, prices of what is served by the token, and the days on which models end. */
import { classifyMode } from '../../../core/model/guess-mode.js'
import type { Mode } from '../../../core/model/model.js'
import { type Members, capabilitiesOf, flagOf, limitOf, saysYes } from '../../kit/entry.js'
import { accountModels } from './account.js'
import { serverlessModels } from './serverless.js'
import { openaiCompatible } from '../../kit/openai-compatible.js'
import type { Source } from '../../kit/source.js'

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
  members: {
    keep: 'id created owned_by kind context_length supports_chat supports_tools supports_image_input',
    leave: 'object',
  },
  fields: (entry, id) => ({
    mode: modeOf(entry, id),
    contextLength: limitOf(entry['context_length']),
    capabilities: capabilitiesOf({
      functionCalling: flagOf(entry['supports_tools']),
      vision: flagOf(entry['supports_image_input']),
    }),
  }),
})

/** @see https://docs.fireworks.ai/tools-sdks/openai-compatibility (read 2026-11) */
export const fireworks = {
  ...inference,
  version: 3,
  listings: [...inference.listings, accountModels, serverlessModels],
} satisfies Source

// An embedding model or a reranker may say `supports_chat: true`; its kind knows better.
function modeOf(entry: Members, id: string): Mode | null {
  if (entry['kind'] === 'EMBEDDING_MODEL') return classifyMode(id) === 'rerank' ? 'rerank' : 'embedding'
  return saysYes(entry['supports_chat']) ? 'chat' : classifyMode(id)
}
