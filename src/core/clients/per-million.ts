/** Prices as most clients count them. Pure. */
import { Big } from '../model/big.js'

/** USD per million tokens of USD per token; `undefined`: unknown. Throws nothing. */
export function perMillion(price: string | null): number | undefined {
  return price === null ? undefined : Number(new Big(price).times(1_000_000).toFixed())
}
