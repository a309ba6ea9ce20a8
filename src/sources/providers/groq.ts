/** Groq: limits and, since 2026-07, prices per token, modalities and features. */
import { classifyMode } from '../../core/model/guess-mode.js'
import type { Capability } from '../../core/model/model.js'
import { capabilitiesOfModalities, countOf, firstSaid, limitOf, membersOf, saysNo, textOf } from '../kit/entry.js'
import { capabilitiesIn, listMedia, mediaOf } from '../kit/words.js'
import { readPrices } from '../kit/prices.js'
import { openaiCompatible } from '../kit/openai-compatible.js'
import type { Source } from '../kit/source.js'

const FEATURES: Readonly<Record<string, Capability>> = {
  tools: 'functionCalling',
  tool_use: 'functionCalling',
  function_calling: 'functionCalling',
  reasoning: 'reasoning',
  structured_outputs: 'structuredOutput',
  json_schema: 'structuredOutput',
  prompt_caching: 'promptCaching',
}

/**
 * What is not recognised by its name as speech, a guard or an embedding is chat: that is what Groq serves. Chat models by default. Answers from
 * before 2026-07 have `context_window` and `max_completion_tokens` alone, and are read too.
 * @see https://console.groq.com/docs/api-reference#models-list (read 2026-11)
 */
export const groq = openaiCompatible({
  slug: 'groq',
  name: 'Groq',
  description: 'The models that GroqCloud serves.',
  homepage: 'https://console.groq.com/docs/models',
  version: 2,
  baseUrl: 'https://api.groq.com',
  path: '/openai/v1/models',
  chat: { path: '/openai/v1/chat/completions' },
  key: { variables: ['GROQ_API_KEY'], required: true },
  modes: ['chat', 'responses'],
  withdrawn: (entry) => (saysNo(entry['active']) ? 'not active' : null),
  members: {
    keep: `
      id name description created owned_by active context_window context_length max_completion_tokens max_output_length
      input_modalities output_modalities features supported_features pricing{prompt completion input_cache_read
      input_cache_write}
    `,
    leave: 'object public_apps',
  },
  fields(entry, id) {
    const mode = classifyMode(id) ?? 'chat'
    const pricing = membersOf(entry['pricing'])
    const { fields, warnings } = readPrices('usd-per-token', {
      input: pricing['prompt'],
      output: pricing['completion'],
      cacheRead: pricing['input_cache_read'],
      cacheWrite: pricing['input_cache_write'],
      // A speech model is paid by the hour or the character.
      zeroPair: mode === 'chat' ? 'free' : 'unknown',
    })
    const output = countOf(entry['max_output_length']) ?? limitOf(entry['max_completion_tokens'])
    return {
      fields: {
        name: textOf(entry['name']) ?? undefined,
        description: textOf(entry['description']),
        mode,
        contextLength:
          countOf(entry['context_length']) ?? limitOf(firstSaid(entry['context_window'], entry['context_length'])),
        // A speech model states characters or samples there, far over its context.
        maxOutputTokens: mode === 'chat' ? (output ?? limitOf(entry['max_output_length'])) : null,
        inputModalities: mediaOf(entry['input_modalities']),
        outputModalities: mediaOf(entry['output_modalities']),
        capabilities: {
          ...capabilitiesOfModalities(listMedia(entry['input_modalities']), listMedia(entry['output_modalities'])),
          ...capabilitiesIn(entry['features'], FEATURES),
          ...capabilitiesIn(entry['supported_features'], FEATURES),
        },
        ...fields,
      },
      warnings,
    }
  },
}) satisfies Source
