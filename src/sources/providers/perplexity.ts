/** Perplexity: the models of its API, its own and others', with prices whose unit each entry names. */
import { classifyMode } from '../../core/model/guess-mode.js'
import type { PriceUnit } from '../../core/model/price.js'
import { isUnsaid, limitOf, membersOf, textOf, type Members } from '../kit/entry.js'
import { quoteWord } from '../../core/input/quote-value.js'
import { readPrices } from '../kit/prices.js'
import { openaiCompatible } from '../kit/openai-compatible.js'
import type { Source } from '../kit/source.js'

const UNITS: readonly (readonly [RegExp, PriceUnit])[] = [
  [/^usd_per_(?:1_?m|(?:1_)?million)(?:_tokens?)?$/i, 'usd-per-million'],
  [/^usd_per_(?:1_?k|(?:1_)?thousand)(?:_tokens?)?$/i, 'usd-per-thousand'],
  [/^usd_per_(?:1_)?token$/i, 'usd-per-token'],
]

/** @see https://docs.perplexity.ai/api-reference/models-get (read 2026-11) */
export const perplexity = openaiCompatible({
  slug: 'perplexity',
  name: 'Perplexity',
  description: 'The Sonar models, and those of others behind Perplexity’s API.',
  homepage: 'https://docs.perplexity.ai',
  version: 2,
  baseUrl: 'https://api.perplexity.ai',
  key: { variables: ['PERPLEXITY_API_KEY', 'PPLX_API_KEY'], required: true },
  members: {
    keep: `
      id name description created owned_by context_length context_window max_output_tokens pricing{input output cache_read
      cache_write unit}
    `,
    leave: 'object',
  },
  fields(entry, id) {
    const { fields, warnings } = pricesOf(membersOf(entry['pricing']))
    return {
      fields: {
        name: textOf(entry['name']) ?? undefined,
        description: textOf(entry['description']),
        ownedBy: textOf(entry['owned_by']) ?? /^([^/]+)\//.exec(id)?.[1] ?? null,
        mode: classifyMode(id) ?? 'chat',
        contextLength: limitOf(isUnsaid(entry['context_length']) ? entry['context_window'] : entry['context_length']),
        maxOutputTokens: limitOf(entry['max_output_tokens']),
        ...fields,
      },
      warnings,
    }
  },
}) satisfies Source

/** Without its unit, or in one that is not known, a price is none. */
function pricesOf({ input, output, cache_read, cache_write, unit }: Members): ReturnType<typeof readPrices> {
  const word =
    textOf(unit)
      ?.trim()
      .replace(/[\s/-]+/g, '_') ?? ''
  const [, known] = UNITS.find(([spelling]) => spelling.test(word)) ?? []
  if (known !== undefined) return readPrices(known, { input, output, cacheRead: cache_read, cacheWrite: cache_write })
  const isStated = [input, output].some((price) => !isUnsaid(price))
  const fields = { inputCostPerToken: null, outputCostPerToken: null }
  return {
    fields,
    warnings: isStated ? [`its prices are in a unit that is not known, ${quoteWord(unit ?? null)}; left out`] : [],
  }
}
