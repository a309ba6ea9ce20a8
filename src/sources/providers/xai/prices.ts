/** xAI's prices: integers in 1/10,000,000,000 USD, of a token or of an image. */
import { Big } from '../../../core/model/big.js'
import type { Mode } from '../../../core/model/model.js'
import { toDecimal } from '../../../core/model/price.js'
import { tierPrices } from '../../kit/price-tiers.js'
import { readPrices, type PriceFields, type RawPrice } from '../../kit/prices.js'
import type { Members } from '../../kit/entry.js'

/** USD of one unit of xAI's integers. */
const TICK = new Big('1e-10')
const LONG = 'token_price_long_context'

/**
 * The prices of an entry of whichever list. `*_long_context` holds from `long_context_threshold` tokens of the prompt on, for all of its tokens;
 * without the threshold they are kept by that name. `search_price` is not read, since xAI states no unit for it.
 */
export function readXaiPrices(entry: Members, mode: Mode | null): { fields: PriceFields; warnings: string[] } {
  return readPrices('usd-per-10000-million', {
    input: entry['prompt_text_token_price'],
    output: entry['completion_text_token_price'],
    cacheRead: entry['cached_prompt_text_token_price'],
    other: [
      { kind: 'input_image', unit: 'token', raw: entry['prompt_image_token_price'] },
      { kind: 'output_image', unit: 'token', raw: entry['generated_image_token_price'] },
      { kind: 'output_image', unit: 'image', raw: inDollars(entry['image_price']) },
      { kind: 'output_video', unit: 'second', raw: inDollars(entry['video_price_per_second']) },
      ...longContext(entry),
    ],
    zeroPair: mode === 'chat' ? 'free' : 'unknown',
  })
}

function longContext(entry: Members): RawPrice[] {
  const raw = {
    input: entry[`prompt_text_${LONG}`],
    output: entry[`completion_text_${LONG}`],
    cache_read: entry[`cached_prompt_text_${LONG}`],
    input_image: entry[`prompt_image_${LONG}`],
  }
  const tiers = tierPrices(entry['long_context_threshold'], null, raw)
  if (tiers.length > 0) return tiers
  return Object.entries(raw).map(([kind, price]) => ({ kind: `${kind}_long_context`, unit: 'token', raw: price }))
}

// What is no price stays as it is, so that the warning shows it.
function inDollars(raw: unknown): unknown {
  const ticks = toDecimal(raw)
  return ticks === null ? raw : new Big(ticks).times(TICK).toFixed()
}
