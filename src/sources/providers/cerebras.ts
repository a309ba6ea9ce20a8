/** Cerebras: its public list, with prices in USD per token, limits and capabilities. */
import { classifyMode } from '../../core/model/guess-mode.js'
import { capabilitiesOf, dateOf, firstSaid, flagOf, limitOf, membersOf, textOf } from '../kit/entry.js'
import { readPrices } from '../kit/prices.js'
import { openaiCompatible } from '../kit/openai-compatible.js'
import type { Source } from '../kit/source.js'

/**
 * The list behind a key has ids only. `?format=` would change the shape, so none is asked for.
 * @see https://inference-docs.cerebras.ai/api-reference/models
 */
export const cerebras = openaiCompatible({
  slug: 'cerebras',
  name: 'Cerebras',
  description: 'The models of Cerebras Inference.',
  homepage: 'https://inference-docs.cerebras.ai/models/overview',
  baseUrl: 'https://api.cerebras.ai',
  path: '/public/v1/models',
  chat: { path: '/v1/chat/completions' },
  key: { variables: ['CEREBRAS_API_KEY'], required: false },
  members: {
    keep: `
      id name created owned_by description deprecated pricing{prompt completion} capabilities{function_calling vision
      reasoning tools} limits{max_context_length max_completion_tokens}
    `,
    leave: 'object',
  },
  fields(entry, id) {
    const said = membersOf(entry['capabilities'])
    const limits = membersOf(entry['limits'])
    const { prompt: input, completion: output } = membersOf(entry['pricing'])
    const { fields, warnings } = readPrices('usd-per-token', { input, output })
    return {
      fields: {
        name: textOf(entry['name']) ?? undefined,
        description: textOf(entry['description']),
        mode: classifyMode(id) ?? 'chat',
        contextLength: limitOf(limits['max_context_length']),
        maxOutputTokens: limitOf(limits['max_completion_tokens']),
        capabilities: capabilitiesOf({
          functionCalling: flagOf(firstSaid(said['function_calling'], said['tools'])),
          vision: flagOf(said['vision']),
          reasoning: flagOf(said['reasoning']),
        }),
        // A model that is deprecated is served until its date, which a plain `true` does not tell.
        deprecationDate: dateOf(entry['deprecated']),
        ...fields,
      },
      warnings,
    }
  },
}) satisfies Source
