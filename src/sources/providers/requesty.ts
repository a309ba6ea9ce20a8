/** Requesty: its router's models, with prices per token, bands by the length of the prompt, and capabilities. */
import { classifyMode } from '../../core/model/guess-mode.js'
import type { Mode } from '../../core/model/model.js'
import { toDecimal } from '../../core/model/price.js'
import { capabilitiesOf, flagOf, limitOf, modeIn, recordsOf, textOf, type Members } from '../kit/entry.js'
import { tierPrices } from '../kit/price-tiers.js'
import { readPrices, type RawPrice } from '../kit/prices.js'
import { openaiCompatible } from '../kit/openai-compatible.js'
import type { Source } from '../kit/source.js'

const APIS = new Map<string, Mode>([
  ['chat', 'chat'],
  ['embedding', 'embedding'],
  ['embeddings', 'embedding'],
  ['image', 'image_generation'],
  ['images', 'image_generation'],
])

/** A price of 0 for the cache says that there is none. @see https://docs.requesty.ai (read 2026-11) */
export const requesty = openaiCompatible({
  slug: 'requesty',
  name: 'Requesty',
  description: 'One API for the models of many vendors, with routing.',
  homepage: 'https://www.requesty.ai',
  version: 2,
  baseUrl: 'https://router.requesty.ai',
  chat: { path: '/v1/chat/completions' },
  key: { variables: ['REQUESTY_API_KEY'], required: false },
  // A policy picks among models that are listed anyway.
  filter: (_entry, id) => (id.startsWith('policy/') ? 'routing policy' : null),
  members: {
    keep: `
      id api created description owned_by input_price output_price cached_price caching_price context_window
      max_output_tokens supports_* pricing{prompt_tokens_threshold input_price output_price cached_price caching_price}
    `,
    leave: 'object',
  },
  fields(entry, id) {
    const mode = modeIn(APIS, entry['api'], classifyMode(id))
    const { fields, warnings } = readPrices('usd-per-token', {
      ...{ input: entry['input_price'], output: entry['output_price'] },
      ...{ cacheRead: charged(entry['cached_price']), cacheWrite: charged(entry['caching_price']) },
      other: bandsOf(entry),
      zeroPair: mode === 'chat' || mode === null ? 'free' : 'unknown',
    })
    return {
      fields: {
        description: textOf(entry['description']),
        ownedBy: /^([^/]+)\//.exec(id)?.[1] ?? null,
        mode,
        contextLength: limitOf(entry['context_window']),
        maxOutputTokens: limitOf(entry['max_output_tokens']),
        capabilities: capabilitiesOf({
          functionCalling: flagOf(entry['supports_tool_calling']),
          vision: flagOf(entry['supports_vision']),
          reasoning: flagOf(entry['supports_reasoning']),
          structuredOutput: flagOf(entry['supports_output_json_schema']),
          promptCaching: flagOf(entry['supports_caching']),
          computerUse: flagOf(entry['supports_computer_use']),
        }),
        ...fields,
      },
      warnings,
    }
  },
}) satisfies Source

function charged(price: unknown): unknown {
  return toDecimal(price) === '0' ? null : price
}

// The band from 0 on is the base price once more.
function bandsOf(entry: Members): RawPrice[] {
  return recordsOf(entry['pricing']).flatMap((band) =>
    tierPrices(band['prompt_tokens_threshold'], null, {
      input: band['input_price'],
      output: band['output_price'],
      cache_read: charged(band['cached_price']),
      cache_write: charged(band['caching_price']),
    }),
  )
}
