/** DeepInfra's prices: US cents, of tokens, seconds, characters or units of an image. */
import { Big } from '../../../core/model/big.js'
import type { Mode } from '../../../core/model/model.js'
import { toCostPerToken, toDecimal } from '../../../core/model/price.js'
import { readPrices, type PriceFields } from '../../kit/prices.js'
import { membersOf, textOf } from '../../kit/entry.js'

const OTHER = [
  ['cents_per_sec', 'usage', 'second'],
  ['cents_per_input_sec', 'input_audio', 'second'],
  ['cents_per_output_sec', 'output', 'second'],
  ['cents_per_input_chars', 'input', 'character'],
  ['cents_per_image_unit', 'output_image', 'image_unit'],
] as const

/**
 * The prices of a model of this mode. Models that are not paid by tokens have `cents_per_input_token` too, where it means something else: the
 * type of the price decides, and only without one the mode. A frame is not kept, since nothing says how many of them a second has.
 */
export function readDeepinfraPrices(value: unknown, mode: Mode | null): { fields: PriceFields; warnings: string[] } {
  const pricing = membersOf(value)
  const type = textOf(pricing['type'])
  const isByToken = type === null ? mode === 'chat' || mode === 'embedding' : /^(?:(?:in|out)put_)?tokens$/.test(type)
  const [input, output, cached] = ['input', 'output', 'cached_input'].map((kind) =>
    isByToken ? pricing[`cents_per_${kind}_token`] : undefined,
  )
  return readPrices('cents-per-token', {
    input,
    output,
    cacheRead: cached ?? shareOf(input, pricing['rate_per_input_token_cached']),
    other: OTHER.map(([member, kind, unit]) => ({ kind, unit, raw: inDollars(pricing[member]) })),
  })
}

/** The cache's price as a share of the input's, as newer answers state it; a share of 0 says that there is none. */
function shareOf(cents: unknown, rate: unknown): unknown {
  const [price, factor] = [toDecimal(cents), toDecimal(rate)]
  if (factor === null) return rate
  return price === null || factor === '0' ? null : new Big(price).times(factor).toFixed()
}

// What is no price stays as it is, so that the warning shows it.
function inDollars(cents: unknown): unknown {
  return toCostPerToken(cents, 'cents-per-token') ?? cents
}
