/** Groq: limits, but neither prices nor capabilities. */
import { classifyMode } from '../../core/model/guess-mode.js'
import { limitOf } from '../kit/entry.js'
import { openaiCompatible } from '../kit/openai-compatible.js'
import type { Source } from '../kit/source.js'

/**
 * What is not recognised by its name as speech, a guard or an embedding is chat: that is what Groq serves. Chat models by default.
 * @see https://console.groq.com/docs/api-reference#models-list
 */
export const groq = openaiCompatible({
  slug: 'groq',
  name: 'Groq',
  description: 'The models that GroqCloud serves.',
  homepage: 'https://console.groq.com/docs/models',
  baseUrl: 'https://api.groq.com',
  path: '/openai/v1/models',
  chat: { path: '/openai/v1/chat/completions' },
  key: { variables: ['GROQ_API_KEY'], required: true },
  modes: ['chat', 'responses'],
  withdrawn: (entry) => (entry['active'] === false ? 'not active' : null),
  members: {
    keep: 'id created owned_by active context_window max_completion_tokens',
    leave: 'object public_apps',
  },
  fields(entry, id) {
    const mode = classifyMode(id) ?? 'chat'
    return {
      mode,
      contextLength: limitOf(entry['context_window']),
      // A speech model states characters or samples there, far over its context.
      maxOutputTokens: mode === 'chat' ? limitOf(entry['max_completion_tokens']) : null,
    }
  },
}) satisfies Source
