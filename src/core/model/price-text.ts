/** What a million tokens cost, in words: `$2.50 in / $10 out per 1M tokens`. Pure. */
import { Big } from './big.js'
import type { Decimal } from './price.js'

const TOKENS = 1_000_000

/**
 * @param model prices in USD per token; `null` = unknown, which is said, never shown as 0
 * @returns exact, however many decimals that takes
 */
export function describeTokenCost({
  inputCostPerToken,
  outputCostPerToken,
}: {
  inputCostPerToken: Decimal | null
  outputCostPerToken: Decimal | null
}): string {
  if (inputCostPerToken === null && outputCostPerToken === null) return 'price per token unknown'
  return `${describePricePerMillion(inputCostPerToken)} in / ${describePricePerMillion(outputCostPerToken)} out per 1M tokens`
}

/** `$2.50`, or `unknown`: whole dollars without cents, else at least two decimals, as price lists write them. */
export function describePricePerMillion(costPerToken: Decimal | null): string {
  if (costPerToken === null) return 'unknown'
  const [whole = '0', fraction = ''] = new Big(costPerToken).times(TOKENS).toFixed().split('.')
  return fraction === '' ? `$${whole}` : `$${whole}.${fraction.padEnd(2, '0')}`
}
