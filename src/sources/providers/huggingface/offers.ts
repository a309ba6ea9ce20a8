/** The offers of one Hugging Face model: what each inference provider states of it. */
import { Big } from '../../../core/model/big.js'
import { flagOf, membersOf, recordsOf, saysYes, type Members } from '../../kit/entry.js'
import { readPrices, type PriceFields } from '../../kit/prices.js'

/** The entry's providers, in upstream's order. Throws nothing. */
export function offersOf(entry: unknown): Members[] {
  return recordsOf(membersOf(entry)['providers'])
}

/** `true` when one offer says so, `false` when all that speak of it deny it, `null` when none does. Throws nothing. */
export function anySays(offers: readonly Members[], flag: string): boolean | null {
  const said = offers.map((offer) => flagOf(offer[flag])).filter((value) => typeof value === 'boolean')
  return said.length === 0 ? null : said.includes(true)
}

/**
 * Input and output of the offer whose sum is the lowest, USD per token; an offer without both loses to one with. 0 is free only beside
 * `is_free: true`. Throws nothing.
 * @returns `null` prices when no offer states one
 */
export function cheapest(offers: readonly Members[]): { prices: PriceFields; warnings: string[] } {
  const warnings: string[] = []
  let best: PriceFields = { inputCostPerToken: null, outputCostPerToken: null }
  for (const offer of offers) {
    const free = saysYes(offer['is_free'])
    const { input, output } = free ? { input: 0, output: 0 } : membersOf(offer['pricing'])
    const read = readPrices('usd-per-million', { input, output, zeroPair: free ? 'free' : 'unknown' })
    warnings.push(...read.warnings)
    if (isCheaper(read.fields, best)) best = read.fields
  }
  return { prices: best, warnings: [...new Set(warnings)] }
}

// Of two with the same sum the one with the cheaper input: any rule will do that does not depend on their order.
function isCheaper(a: PriceFields, b: PriceFields): boolean {
  const [one, other] = [totalOf(a), totalOf(b)]
  if (one === null) return false
  if (other === null) return true
  return one.eq(other) ? Big(a.inputCostPerToken ?? 0).lt(b.inputCostPerToken ?? 0) : one.lt(other)
}

function totalOf({ inputCostPerToken: input, outputCostPerToken: output }: PriceFields): Big | null {
  return (input ?? null) === null || (output ?? null) === null ? null : Big(input as string).plus(output as string)
}
