/** Fireworks' list of what it serves by the token: prices, a row for each way to be served (standard, priority, fast). */
import {
  capabilitiesOfModalities,
  identifyBy,
  isRecord,
  limitOf,
  recordsOf,
  textOf,
  type Members,
} from '../../kit/entry.js'
import { fillFields } from '../../kit/fill-fields.js'
import { fullerRow } from '../../kit/fuller-row.js'
import { entriesWhereGiven, entriesIn } from '../../kit/listing.js'
import { pageToken } from '../../kit/paging.js'
import { listMedia, mediaOf } from '../../kit/words.js'
import { readFireworksPrices } from './prices.js'
import type { DesiredFields } from '../../../core/model/model-fields.js'
import type { Listing, Parsed } from '../../kit/source.js'

const identify = identifyBy('id')
const entries = entriesIn('data', 'models')
const later = entriesWhereGiven('data')

/** @see https://docs.fireworks.ai/api-reference (read 2026-11) */
export const serverlessModels: Listing = {
  path: '/v1/serverless/models',
  entries: (body, page = 1) =>
    page > 1 && isRecord(body) && body['models'] === undefined ? later(body) : entries(body),
  next: pageToken('nextPageToken', 'pageToken'),
  identify,
  parse,
  merge: mergeModes,
  members: {
    keep: `
      id serverless_mode service_tier usage_identifier display_name description context_length input_modalities
      output_modalities use_cases aliases pricing{sku amount unit}
    `,
    leave: 'object created',
  },
  supplements: true,
  absent: { inputCostPerToken: null, outputCostPerToken: null, cacheReadCostPerToken: null, otherPrices: [] },
  optional: 'prices keep their last state',
  without: ({ status }) => ({
    warning:
      status === 404
        ? null
        : `the list of serverless models answered ${status}, so that prices are not known; the key needs to read it`,
    complete: true,
  }),
}

function parse(entry: unknown): Parsed {
  const id = identify(entry)
  if (id === null || !isRecord(entry)) return { kind: 'rejected', reason: 'the entry has no id' }
  const way = wayOf(entry, id)
  const { fields, warnings } = readFireworksPrices(recordsOf(entry['pricing']), way)
  if (way !== null) return { kind: 'model', fields, warnings }
  const input = listMedia(entry['input_modalities'])
  const output = listMedia(entry['output_modalities'])
  return {
    kind: 'model',
    fields: {
      name: textOf(entry['display_name']) ?? undefined,
      description: textOf(entry['description']),
      contextLength: limitOf(entry['context_length']),
      inputModalities: mediaOf(entry['input_modalities']),
      outputModalities: mediaOf(entry['output_modalities']),
      capabilities: capabilitiesOfModalities(input, output),
      ...fields,
    },
    warnings,
  }
}

/** How a row that is not the model's own is asked for: by a service tier, or by another id; `null`: by the model's. */
function wayOf(entry: Members, id: string): string | null {
  const tier = textOf(entry['service_tier'])
  const other = textOf(entry['usage_identifier'])
  if (tier === null && (other === null || other === id)) return null
  return (tier ?? textOf(entry['serverless_mode']) ?? 'other').toLowerCase()
}

/** Rows of several ways add up; of two rows of the model's own one is taken. */
function mergeModes(a: DesiredFields, b: DesiredFields): DesiredFields {
  const isOwn = (fields: DesiredFields): boolean => fields.inputCostPerToken !== undefined
  if (isOwn(a) && isOwn(b)) return fullerRow(a, b)
  const [first, second] = isOwn(a) || (!isOwn(b) && JSON.stringify(a) <= JSON.stringify(b)) ? [a, b] : [b, a]
  return fillFields(first, second)
}
