/** Prices beside the four of tokens, as LiteLLM states them: by member, by the size of a search, by tiers of the prompt. Pure. */
import type { OtherPrice } from '../model/model-fields.js'
import { LITELLM_TOKEN_PRICES } from '../model/litellm-members.js'
import { litellmPriceMember } from '../prices/litellm-price-name.js'
import type { PlainRecord } from './yaml.js'

const TIER = /^(.+)_tier_(\d+)_(\d+|up)$/
const SEARCH = /^(search_context)_(low|medium|high)$/
/** The four prices, by the kind that they have within a tier. */
const OF_TOKENS: ReadonlyMap<string, string> = new Map([
  ['input', LITELLM_TOKEN_PRICES.inputCostPerToken],
  ['output', LITELLM_TOKEN_PRICES.outputCostPerToken],
])

/** In USD alone; a price that LiteLLM has no member for is left out. Throws nothing. */
export function litellmOtherPrices(prices: readonly OtherPrice[]): PlainRecord {
  const members: Record<string, number | PlainRecord | PlainRecord[]> = {}
  const tiers = new Map<string, Record<string, number | number[]>>()
  for (const { kind, unit, currency, price } of prices) {
    if (currency !== 'USD') continue
    const [, tiered, from = '', to] = TIER.exec(kind) ?? []
    const [, search, size = ''] = SEARCH.exec(kind) ?? []
    if (tiered !== undefined) {
      const member = OF_TOKENS.get(tiered) ?? litellmPriceMember({ kind: tiered, unit })
      const range = [Number(from), ...(to === 'up' ? [] : [Number(to)])]
      const tier = tiers.get(`${from}-${to}`) ?? { range }
      if (member !== null) tiers.set(`${from}-${to}`, { ...tier, [member]: Number(price) })
    } else if (search !== undefined) {
      const member = `${search}_cost_per_${unit}`
      members[member] = { ...(members[member] as PlainRecord), [`search_context_size_${size}`]: Number(price) }
    } else {
      const member = litellmPriceMember({ kind, unit })
      if (member !== null) members[member] = Number(price)
    }
  }
  const byTokens = [...tiers.values()].sort((a, b) => (a['range'] as number[])[0]! - (b['range'] as number[])[0]!)
  return byTokens.length === 0 ? members : { ...members, tiered_pricing: byTokens }
}
