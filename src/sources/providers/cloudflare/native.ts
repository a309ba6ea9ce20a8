/** Cloudflare's own shape of a model: what it can do and costs stands in a list of properties, prices with their units in words. */
import { classifyMode } from '../../../core/model/guess-mode.js'
import type { Mode } from '../../../core/model/model.js'
import { toCostPerToken } from '../../../core/model/price.js'
import { capabilitiesOf, dateOf, flagOf, identifyBy, isRecord, limitOf, membersOf, modeIn } from '../../kit/entry.js'
import { recordsOf, textOf, timeOf } from '../../kit/entry.js'
import { readPrices, type RawPrice } from '../../kit/prices.js'
import type { Parsed } from '../../kit/source.js'

const TASKS = new Map<string, Mode>([
  ['text_generation', 'chat'],
  ['text_embeddings', 'embedding'],
  ['text-to-image', 'image_generation'],
  ['text-to-speech', 'audio_speech'],
  ['automatic_speech_recognition', 'audio_transcription'],
])
const TOKENS = /^per m (cached )?(input|output) tokens$/i
const UNIT = /^per (?:audio )?(image|step|second|minute|hour|request|character|megapixel)s?$/i

/** Members beyond OpenRouter's shape. */
export const NATIVE_MEMBERS = `
  task{name} properties{property_id value value{unit price currency}} source created_at tags
`

export const identifyNative = identifyBy('name')

export function isNative(entry: unknown): boolean {
  return Array.isArray(membersOf(entry)['properties'])
}

/** The name is the id, and the `id` nobody's. Throws nothing. */
export function parseNative(entry: unknown): Parsed {
  const id = identifyNative(entry)
  if (id === null || !isRecord(entry)) return { kind: 'rejected', reason: 'the entry has no name' }
  const properties = new Map(recordsOf(entry['properties']).map(({ property_id: name, value }) => [name, value]))
  const { fields, warnings } = pricesOf(properties.get('price'))
  return {
    kind: 'model',
    fields: {
      description: textOf(entry['description']),
      ownedBy: /^@cf\/([^/]+)\//.exec(id)?.[1] ?? null,
      mode: modeIn(TASKS, membersOf(entry['task'])['name'], classifyMode(id)),
      contextLength: limitOf(properties.get('context_window')),
      capabilities: capabilitiesOf({
        functionCalling: flagOf(properties.get('function_calling')),
        reasoning: flagOf(properties.get('reasoning')),
        vision: flagOf(properties.get('vision')),
      }),
      ...fields,
      createdAt: timeOf(entry['created_at']),
      deprecationDate: dateOf(properties.get('planned_deprecation_date')),
    },
    ...(warnings.length === 0 ? {} : { warnings }),
  }
}

function pricesOf(rows: unknown): ReturnType<typeof readPrices> {
  const tokens: Record<string, unknown> = {}
  const other: RawPrice[] = []
  for (const { unit, price, currency } of recordsOf(rows)) {
    const words = textOf(unit)?.trim() ?? ''
    const [, cached, kind] = TOKENS.exec(words) ?? []
    const one = UNIT.exec(words)?.[1]?.toLowerCase()
    const isUsd = (textOf(currency) ?? 'USD').toUpperCase() === 'USD'
    if (kind !== undefined && isUsd)
      tokens[cached === undefined ? kind.toLowerCase() : 'cacheRead'] =
        toCostPerToken(price, 'usd-per-million') ?? price
    else if (one !== undefined && isUsd) other.push({ kind: 'usage', unit: one, raw: price })
  }
  const { input, output, cacheRead } = tokens
  return readPrices('usd-per-token', { input, output, cacheRead, other })
}
