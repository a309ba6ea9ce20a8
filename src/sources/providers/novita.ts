/** Novita AI: prices as integers, in 1/10,000 USD per million tokens. */
import { classifyMode } from '../../core/model/guess-mode.js'
import type { Capability, Mode } from '../../core/model/model.js'
import { capabilitiesOfModalities, limitOf, modeIn, textOf } from '../kit/entry.js'
import { capabilitiesIn, listMedia, mediaOf } from '../kit/words.js'
import { readPrices } from '../kit/prices.js'
import { openaiCompatible } from '../kit/openai-compatible.js'
import type { Source } from '../kit/source.js'

const FEATURES: Readonly<Record<string, Capability>> = {
  'function-calling': 'functionCalling',
  reasoning: 'reasoning',
  'structured-outputs': 'structuredOutput',
}
// Novita's words for them are ours.
const MODES = new Map(
  (['chat', 'completion', 'embedding', 'rerank'] as const).map((mode): [string, Mode] => [mode, mode]),
)

/** @see https://novita.ai/docs/api-reference/model-apis-llm-list-models */
export const novita = openaiCompatible({
  slug: 'novita',
  name: 'Novita AI',
  description: 'The language models that Novita AI serves.',
  homepage: 'https://novita.ai/models',
  baseUrl: 'https://api.novita.ai',
  path: '/openai/v1/models',
  chat: { path: '/openai/v1/chat/completions' },
  key: { variables: ['NOVITA_API_KEY'], required: false },
  members: {
    keep: `
      id created owned_by title display_name description tags status model_type endpoints features context_size
      max_output_tokens input_modalities output_modalities input_token_price_per_m output_token_price_per_m currency
    `,
    leave: 'object permission root parent',
  },
  fields(entry, id) {
    const inputModalities = listMedia(entry['input_modalities'])
    const outputModalities = listMedia(entry['output_modalities'])
    const { fields, warnings } = readPrices('usd-per-10000-million', {
      input: entry['input_token_price_per_m'],
      output: entry['output_token_price_per_m'],
      currency: textOf(entry['currency'])?.toUpperCase() ?? 'USD',
    })
    const name = textOf(entry['display_name']) ?? textOf(entry['title']) ?? undefined
    const ownedBy = entry['owned_by'] === 'unknown' ? null : textOf(entry['owned_by'])
    const texts = { name, description: textOf(entry['description']), ownedBy }
    const mode = modeIn(MODES, entry['model_type'], classifyMode(id))
    const limits = {
      contextLength: limitOf(entry['context_size']),
      maxOutputTokens: limitOf(entry['max_output_tokens']),
    }
    const capabilities = {
      ...capabilitiesOfModalities(inputModalities, outputModalities),
      ...capabilitiesIn(entry['features'], FEATURES),
    }
    return {
      fields: {
        ...texts,
        mode,
        ...limits,
        inputModalities: mediaOf(entry['input_modalities']),
        outputModalities: mediaOf(entry['output_modalities']),
        capabilities,
        ...fields,
      },
      warnings,
    }
  },
}) satisfies Source
