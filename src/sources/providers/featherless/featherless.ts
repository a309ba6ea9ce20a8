/** Featherless: tens of thousands of open models and fine-tunes, those that are up, page by page. */
import { quoteWord } from '../../../core/input/quote-value.js'
import {
  type Members,
  capabilitiesOf,
  countOf,
  firstSaid,
  flagOf,
  limitOf,
  membersOf,
  textOf,
} from '../../kit/entry.js'
import { readPrices } from '../../kit/prices.js'
import { featherlessPaging } from './paging.js'
import { openaiCompatible } from '../../kit/openai-compatible.js'
import type { Source } from '../../kit/source.js'

/** Only models that are up (`status=active`) are asked for. @see https://featherless.ai/docs/api-reference (read 2026-11) */
export const featherless = openaiCompatible({
  slug: 'featherless',
  name: 'Featherless',
  description: 'Serverless inference of open models and their fine-tunes.',
  homepage: 'https://featherless.ai',
  baseUrl: 'https://api.featherless.ai',
  path: '/v1/models?status=active&page=1&per_page=1000',
  ...featherlessPaging,
  volatile: ['health'],
  chat: { path: '/v1/chat/completions' },
  key: { variables: ['FEATHERLESS_API_KEY'], required: false },
  filter(entry) {
    const status = textOf(entry['status'])
    return status === null || status === 'active' ? null : `its status is ${quoteWord(status)}`
  },
  members: {
    keep: `
      id name model_class created owned_by status is_gated available_on_current_plan context_length
      effective_context_length max_completion_tokens effective_max_completion_tokens features{tool_use image_input}
      pricing{prompt completion input output}
    `,
    leave: 'object health',
  },
  fields(entry, id) {
    const features = membersOf(entry['features'])
    const { fields, warnings } = pricesOf(membersOf(entry['pricing']))
    return {
      fields: {
        name: textOf(entry['name']) ?? id,
        contextLength: countOf(entry['effective_context_length']) ?? limitOf(entry['context_length']),
        maxOutputTokens: countOf(entry['effective_max_completion_tokens']) ?? limitOf(entry['max_completion_tokens']),
        capabilities: capabilitiesOf({
          functionCalling: flagOf(features['tool_use']),
          vision: flagOf(features['image_input']),
        }),
        ...fields,
      },
      warnings,
    }
  },
}) satisfies Source

// Both spellings state the same price; the strings are per token, the numbers per million.
function pricesOf({ prompt, completion, input, output }: Members): ReturnType<typeof readPrices> {
  return firstSaid(prompt, completion) === null
    ? readPrices('usd-per-million', { input, output })
    : readPrices('usd-per-token', { input: prompt, output: completion })
}
