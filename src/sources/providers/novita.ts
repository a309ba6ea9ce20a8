/** Novita AI: prices as integers, in 1/10,000 USD per million tokens. */
import { classifyMode } from '../../core/model/guess-mode.js'
import type { Capability, Mode } from '../../core/model/model.js'
import { capabilitiesOfModalities, countOf, firstSaid, limitOf, membersOf, modeIn } from '../kit/entry.js'
import { recordsOf, textOf, type Members } from '../kit/entry.js'
import { tierPrices } from '../kit/price-tiers.js'
import { capabilitiesIn, listMedia, mediaOf } from '../kit/words.js'
import { readPrices, type RawPrice } from '../kit/prices.js'
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
  version: 2,
  baseUrl: 'https://api.novita.ai',
  path: '/openai/v1/models',
  chat: { path: '/openai/v1/chat/completions' },
  key: { variables: ['NOVITA_API_KEY'], required: false },
  members: {
    keep: `
      id created owned_by title display_name description tags status model_type endpoints features context_size
      max_output_tokens input_modalities output_modalities input_token_price_per_m output_token_price_per_m currency
      pricing{prompt{price_per_m} completion{price_per_m} input_cache_read{price_per_m} input_cache_write{price_per_m}}
      is_tiered_billing tiered_billing_configs{min_tokens max_tokens pricing{prompt{price_per_m} completion{price_per_m}
      input_cache_read{price_per_m}}}
    `,
    leave: `
      object permission root parent prompt{price_per_m} completion{price_per_m} input_cache_read{price_per_m} input_cache_write{price_per_m}
      tiered_billing_configs{input_cache_read{price_per_m}}
    `,
  },
  fields(entry, id) {
    const inputModalities = listMedia(entry['input_modalities'])
    const outputModalities = listMedia(entry['output_modalities'])
    const { fields, warnings } = readPrices('usd-per-10000-million', {
      input: firstSaid(entry['input_token_price_per_m'], priceOf(entry, 'prompt')),
      output: firstSaid(entry['output_token_price_per_m'], priceOf(entry, 'completion')),
      cacheRead: priceOf(entry, 'input_cache_read'),
      cacheWrite: priceOf(entry, 'input_cache_write'),
      other: tiersOf(entry),
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

/** In the same unit as the two beside it; `price_per_m_decimal` repeats it in USD per million. */
function priceOf(stated: Members, kind: string): unknown {
  return membersOf(membersOf(stated['pricing'])[kind] ?? stated[kind])['price_per_m']
}

// The first tier is the base price once more.
function tiersOf(entry: Members): RawPrice[] {
  return recordsOf(entry['tiered_billing_configs']).flatMap((tier) => {
    const [from, to] = [countOf(tier['min_tokens']), countOf(tier['max_tokens'])]
    return from === null || from <= 1
      ? []
      : tierPrices(from, to, {
          input: priceOf(tier, 'prompt'),
          output: priceOf(tier, 'completion'),
          cache_read: priceOf(tier, 'input_cache_read'),
        })
  })
}
