/** What DeepInfra says in words of prompts of several lengths: `$1.2 in $6 out $0.24 cached <= 32K, $2.4 in $12 out $0.48 cached > 32K`. */
import { Big } from '../../../core/model/big.js'
import { quoteValue } from '../../../core/input/quote-value.js'
import { textOf } from '../../kit/entry.js'

export interface LengthTier {
  /** Tokens of the prompt; `null`: no end. */
  from: number
  to: number | null
  /** US cents per token. */
  prices: Partial<Record<'input' | 'output' | 'cache_read', string>>
}

const PART = /^\$([\d.]+) in \$([\d.]+) out(?: \$([\d.]+) cached)?(?: *(<=|>) *(\d+)([KM]))?$/i
/** USD per million tokens in US cents per token. */
const CENTS = new Big('0.0001')

/**
 * The tiers, where the text speaks of lengths at all. `K` is a thousand. Throws nothing.
 * @returns the tiers, and what cannot be read
 */
export function readLengthTiers(full: unknown): [tiers: LengthTier[], unread: string | null] {
  const text = textOf(full)
  if (text === null || !/<=|>/.test(text)) return [[], null]
  const tiers: LengthTier[] = []
  let from = 0
  for (const part of text.split(',')) {
    const [, input, output, cached, comparison, count, unit] = PART.exec(part.trim()) ?? []
    const end = count === undefined ? null : Number(count) * (unit?.toUpperCase() === 'M' ? 1_000_000 : 1000)
    if (input === undefined || output === undefined || ![input, output, cached ?? '0'].every(isNumber))
      return [[], quoteValue(text)]
    const to = comparison === '<=' ? end : null
    if (comparison === '>' && end !== null) from = end + 1
    tiers.push({
      from,
      to,
      prices: {
        input: cents(input),
        output: cents(output),
        ...(cached === undefined ? {} : { cache_read: cents(cached) }),
      },
    })
    from = (end ?? from) + 1
  }
  return [tiers, null]
}

function isNumber(text: string): boolean {
  return /^\d+(?:\.\d+)?$/.test(text)
}

function cents(perMillion: string): string {
  return new Big(perMillion).times(CENTS).toFixed()
}
