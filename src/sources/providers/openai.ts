/** OpenAI: ids only; what a model does is in its name, what it costs is not said at all. */
import { classifyMode } from '../../core/model/guess-mode.js'
import { modeOfOpenaiName } from '../../core/model/openai-names.js'
import { dateOf, textOf } from '../kit/entry.js'
import { openaiCompatible } from '../kit/openai-compatible.js'
import type { Source } from '../kit/source.js'

/**
 * The models that the key may use, fine-tunes among them. Chat models by default, as whoever syncs OpenAI alone expects; `modes` opens the rest, and by
 * `unknown` the families that are not known yet.
 * @see https://platform.openai.com/docs/api-reference/models/list
 */
export const openai = openaiCompatible({
  slug: 'openai',
  name: 'OpenAI',
  description: 'The models that an OpenAI key may use.',
  homepage: 'https://platform.openai.com/docs/models',
  version: 2,
  baseUrl: 'https://api.openai.com',
  chat: { path: '/v1/chat/completions', limit: { max_completion_tokens: 16 } },
  key: { variables: ['OPENAI_API_KEY'], required: true },
  modes: ['chat', 'responses'],
  mode: (id) => classifyMode(id) ?? modeOfOpenaiName(id),
  members: {
    keep: 'id created shutdown_date',
    leave: 'object owned_by',
  },
  fields: (entry) => ({ ownedBy: ownerOf(entry['owned_by']), deprecationDate: dateOf(entry['shutdown_date']) }),
}) satisfies Source

// `system` and `openai-internal` are OpenAI itself; anything else is an organisation or a user.
function ownerOf(value: unknown): string | null {
  const owner = textOf(value)
  return owner === 'system' || owner?.startsWith('openai') === true ? 'openai' : null
}
