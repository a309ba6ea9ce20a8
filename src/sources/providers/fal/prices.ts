/** fal's list of prices, which only a key may read. */
import { toDecimal } from '../../../core/model/price.js'
import { identifyBy, isRecord, textOf } from '../../kit/entry.js'
import { pageToken } from '../../kit/paging.js'
import { entriesIn } from '../../kit/listing.js'
import type { Listing, Parsed } from '../../kit/source.js'

const identify = identifyBy('endpoint_id')

/** What a model costs is one rate for one unit of its own (megapixel, second, …), never tokens. @see https://docs.fal.ai/platform-apis (read 2026-11) */
export const falPrices: Listing = {
  path: '/v1/models/pricing',
  entries: entriesIn('prices'),
  next: pageToken('next_cursor', 'cursor'),
  identify,
  parse: parsePrice,
  members: {
    keep: 'endpoint_id unit_price unit currency',
  },
  needsKey: true,
  supplements: true,
  absent: { otherPrices: [] },
  optional: 'prices keep their last values',
  without: ({ status }) => ({
    warning: `GET /v1/models/pricing answered ${status}: prices keep their last values. Give FAL_KEY a key that may read them.`,
    complete: true,
  }),
}

function parsePrice(entry: unknown): Parsed {
  const id = identify(entry)
  if (id === null || !isRecord(entry)) return { kind: 'rejected', reason: 'the price has no endpoint_id' }
  const [unit, currency, price] = [textOf(entry['unit']), textOf(entry['currency']), toDecimal(entry['unit_price'])]
  if (unit === null || currency === null || price === null)
    return { kind: 'model', fields: {}, warnings: ['its price has no unit, no currency or no amount; left out'] }
  return { kind: 'model', fields: { otherPrices: [{ kind: 'usage', unit, currency, price }] } }
}
