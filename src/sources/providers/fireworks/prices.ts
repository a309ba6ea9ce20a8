/** Fireworks' prices: rows with what is sold in words, an amount in USD and a unit in words. */
import { toCostPerToken } from '../../../core/model/price.js'
import { quoteWord } from '../../../core/input/quote-value.js'
import { textOf, type Members } from '../../kit/entry.js'
import { readPrices, type PriceFields, type RawPrice } from '../../kit/prices.js'

/** Per million tokens, `M` and spaces as they come. */
const TOKENS = /^(?:per )?1 ?(?:m|million) tokens?$/i
const UNIT = /^(?:per )?(?:1 )?(image|step|second|minute|hour|request|character|megapixel)s?$/i

/**
 * @param way of a row that states what another way to be served costs (`priority`): all of its prices bear it in their kinds
 */
export function readFireworksPrices(
  rows: readonly Members[],
  way: string | null,
): { fields: PriceFields; warnings: string[] } {
  const warnings: string[] = []
  const base: Record<string, unknown> = {}
  const other: RawPrice[] = []
  for (const row of rows) {
    const sku = textOf(row['sku']) ?? ''
    const unit = textOf(row['unit'])?.trim() ?? ''
    const kind = kindOf(sku)
    const isToken = TOKENS.test(unit)
    const one = isToken ? 'token' : UNIT.exec(unit)?.[1]?.toLowerCase()
    if (one === undefined) {
      warnings.push(`price of ${quoteWord(sku)}: its unit is not known; left out`)
      continue
    }
    const raw = isToken ? (toCostPerToken(row['amount'], 'usd-per-million') ?? row['amount']) : row['amount']
    if (way === null && isToken && ['input', 'output', 'cache_read'].includes(kind)) base[kind] ??= raw
    else other.push({ kind: way === null ? kind : `${kind}_${way}`, unit: one, raw })
  }
  const own = { input: base['input'], output: base['output'], cacheRead: base['cache_read'] }
  const { fields, warnings: more } = readPrices('usd-per-token', { ...(way === null ? own : {}), other })
  return { fields, warnings: [...warnings, ...more] }
}

/** `LLM input tokens (uncached)`; what is none of these keeps its words. */
function kindOf(sku: string): string {
  const words = sku.toLowerCase()
  if (/\binput\b/.test(words)) return /(?<!un)\bcached\b/.test(words) ? 'cache_read' : 'input'
  if (/\boutput\b/.test(words)) return 'output'
  return (
    words
      .replace(/[^a-z\d]+/g, '_')
      .replace(/^_|_$/g, '')
      .slice(0, 60) || 'usage'
  )
}
