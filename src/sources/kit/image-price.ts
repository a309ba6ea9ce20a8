/** The price of an image in the shape that OpenRouter and its kin share, which has stated two units under one name. */
import { toDecimal } from '../../core/model/price.js'
import type { RawPrice } from './prices.js'

/** USD: no token of an image costs as much, and hardly an image costs less. */
const LEAST_PER_IMAGE = 0.0005

/**
 * `image` was USD an image (0.0048) until late in 2025, and is USD per token of an image since (0.00003). Each answer has one of them, so the size
 * tells; this is the one member whose unit nothing else does. Throws nothing.
 * @see https://openrouter.ai/docs/api-reference/list-available-models (read 2026-11)
 */
export function imagePrice(kind: string, raw: unknown): RawPrice {
  const price = toDecimal(raw)
  return { kind, unit: price !== null && Number(price) < LEAST_PER_IMAGE ? 'token' : 'image', raw }
}
