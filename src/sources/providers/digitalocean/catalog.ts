/** DigitalOcean's public catalogue: prices, and the most that a model writes. */
import { Big } from '../../../core/model/big.js'
import { toDecimal } from '../../../core/model/price.js'
import { identifyBy, limitOf, membersOf, textOf } from '../../kit/entry.js'
import { entriesIn } from '../../kit/listing.js'
import { readPrices } from '../../kit/prices.js'
import type { Listing, Parsed } from '../../kit/source.js'
import { linkedPage } from './paging.js'

const identify = identifyBy('model_id')
const PRICES =
  'input_price_per_million output_price_per_million cache_read_input_price_per_million cache_write_5m_input_price_per_million'
/** USD: no price of a million tokens is as low, and no price of one token as high. */
const LEAST_PER_MILLION = 0.001

/** @see https://docs.digitalocean.com/reference/api/reference/gradientai-platform (read 2026-11) */
export const catalog: Listing = {
  path: '/v2/gen-ai/models/catalog?limit=200',
  entries: entriesIn('data'),
  next: linkedPage,
  identify,
  parse,
  members: {
    keep: `model_id max_output_tokens availability pricing{${PRICES}}`,
    leave: 'id name context_window modalities pricing_detail description provider',
  },
  supplements: true,
  absent: {
    inputCostPerToken: null,
    outputCostPerToken: null,
    cacheReadCostPerToken: null,
    cacheWriteCostPerToken: null,
  },
  optional: 'prices and output limits keep their last state',
  without: ({ status }) => ({
    warning: `the catalogue answered ${status}, so that prices and output limits are not known`,
    complete: true,
  }),
}

function parse(entry: unknown): Parsed {
  const id = identify(entry)
  if (id === null) return { kind: 'rejected', reason: 'the entry has no model_id' }
  const stated = membersOf(entry)
  const pricing = membersOf(stated['pricing'])
  const { fields, warnings } = readPrices('usd-per-token', {
    input: perToken(pricing['input_price_per_million']),
    output: perToken(pricing['output_price_per_million']),
    cacheRead: perToken(pricing['cache_read_input_price_per_million']),
    cacheWrite: perToken(pricing['cache_write_5m_input_price_per_million']),
    zeroPair: 'unknown',
  })
  const name = textOf(stated['name']) ?? undefined
  return { kind: 'model', fields: { name, maxOutputTokens: limitOf(stated['max_output_tokens']), ...fields }, warnings }
}

/**
 * The members' names speak of a million tokens, and the answers of 2026 state one token's price in them, so the size tells. What is no price stays as
 * it is, so that the warning shows it.
 */
function perToken(raw: unknown): unknown {
  const price = toDecimal(raw)
  if (price === null) return raw
  return Number(price) < LEAST_PER_MILLION ? price : new Big(price).times('0.000001').toFixed()
}
