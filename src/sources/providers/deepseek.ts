/** DeepSeek: ids, and in newer answers limits and modalities. */
import { limitOf, membersOf, textOf } from '../kit/entry.js'
import { capabilityOfAny, listMedia, mediaOf } from '../kit/words.js'
import { openaiCompatible } from '../kit/openai-compatible.js'
import type { Source } from '../kit/source.js'

/**
 * All of DeepSeek's models are chat models. `api_capabilities` is not read, since its shape is not documented; `created` is not stated.
 * @see https://api-docs.deepseek.com/api/list-models
 */
export const deepseek = openaiCompatible({
  slug: 'deepseek',
  name: 'DeepSeek',
  description: 'The models of DeepSeek’s own API.',
  homepage: 'https://api-docs.deepseek.com',
  baseUrl: 'https://api.deepseek.com',
  path: '/models',
  chat: { path: '/chat/completions' },
  key: { variables: ['DEEPSEEK_API_KEY'], required: true },
  members: {
    keep: `
      id created owned_by name context_window max_output_tokens input_modalities output_modalities
      effort{supported_levels default_level} api_capabilities{chat_completions}
    `,
    leave: 'object',
  },
  fields: (entry) => ({
    name: textOf(entry['name']) ?? undefined,
    mode: 'chat',
    contextLength: limitOf(entry['context_window']),
    maxOutputTokens: limitOf(entry['max_output_tokens']),
    inputModalities: mediaOf(entry['input_modalities']),
    outputModalities: mediaOf(entry['output_modalities']),
    capabilities: {
      ...capabilityOfAny(membersOf(entry['effort'])['supported_levels'], 'reasoning'),
      ...(listMedia(entry['input_modalities']).includes('image') ? { vision: true } : {}),
    },
  }),
}) satisfies Source
