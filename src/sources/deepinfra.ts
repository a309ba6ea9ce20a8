/** DeepInfra: its public list of models of every kind, with prices in US cents. */
import Big from 'big.js'
import { classifyMode } from '../catalog/classify.js'
import type { Mode } from '../catalog/model.js'
import { toCostPerToken, toDecimal } from '../catalog/price.js'
import { readPrices, type PriceFields } from './entry-prices.js'
import { capabilitiesIn, countOf, dateOf, dropping, identifyBy, isRecord } from './entry-reader.js'
import { listOf, membersOf, textOf, timeOf, type Members } from './entry-reader.js'
import { entriesIn } from './listing-shape.js'
import { bearer, type Parsed, type Source } from './source.js'

const identify = identifyBy('model_name')

/** `max_tokens` is the context; the most that a model writes is not listed. @see https://deepinfra.com/docs/openai_api (read 2026-11) */
export const deepinfra = {
  slug: 'deepinfra',
  name: 'DeepInfra',
  description: 'Serverless inference of open models.',
  homepage: 'https://deepinfra.com',
  version: 2,
  baseUrl: 'https://api.deepinfra.com',
  chat: { path: '/v1/openai/chat/completions' },
  key: { variables: ['DEEPINFRA_API_KEY'], required: false, headers: bearer },
  listings: [{ path: '/models/list', entries: entriesIn(''), identify, parse, strip: dropping() }],
} satisfies Source

const TYPES = new Map<string, readonly [mode: Mode, input: string, output: string | null]>([
  ['text-generation', ['chat', 'text', 'text']],
  ['embeddings', ['embedding', 'text', null]],
  ['text-to-image', ['image_generation', 'text', 'image']],
  ['text-to-video', ['video_generation', 'text', 'video']],
  ['automatic-speech-recognition', ['audio_transcription', 'audio', 'text']],
  ['text-to-speech', ['audio_speech', 'text', 'audio']],
])

const OTHER = [
  ['sec', 'usage', 'second'],
  ['input_sec', 'input_audio', 'second'],
  ['output_sec', 'output', 'second'],
  ['input_chars', 'input', 'character'],
  ['image_unit', 'output_image', 'image_unit'],
] as const

function parse(entry: unknown): Parsed {
  const id = identify(entry)
  if (id === null || !isRecord(entry)) return { kind: 'rejected', reason: 'the entry has no model_name' }
  const type = textOf(entry['reported_type']) ?? textOf(entry['type'])
  const [mode, input, output] = TYPES.get(type ?? '') ?? [null, null, null]
  const tags = listOf(entry['tags'])
  const { fields, warnings } = pricesOf(membersOf(entry['pricing']), mode)
  return {
    kind: 'model',
    fields: {
      description: textOf(entry['description']),
      ownedBy: /^([^/]+)\//.exec(id)?.[1] ?? null,
      mode: type === null ? classifyMode(id) : mode,
      contextLength: countOf(entry['max_tokens']),
      // `multimodal` does not say what else goes in.
      inputModalities: input === null || tags.includes('multimodal') ? [] : [input],
      outputModalities: output === null ? [] : [output],
      capabilities: capabilitiesIn(tags, { tools: 'functionCalling', reasoning: 'reasoning' }),
      ...fields,
      createdAt: timeOf(entry['create_ts']),
      deprecationDate: dateOf(entry['deprecated']),
      replacedBy: textOf(entry['replaced_by']),
    },
    warnings,
  }
}

// Models of other types have `cents_per_input_token` too, where it means something else; the type of the price decides.
function pricesOf(pricing: Members, mode: Mode | null): { fields: PriceFields; warnings: string[] } {
  const type = textOf(pricing['type'])
  const byToken = type === null ? mode === 'chat' || mode === 'embedding' : /^(?:(?:in|out)put_)?tokens$/.test(type)
  const cents = (member: string): unknown => (byToken ? pricing[`cents_per_${member}`] : undefined)
  const other = OTHER.map(([member, kind, unit]) => ({ kind, unit, raw: inDollars(pricing[`cents_per_${member}`]) }))
  return readPrices('cents-per-token', {
    input: cents('input_token'),
    output: cents('output_token'),
    cacheRead: cents('cached_input_token') ?? shareOf(cents('input_token'), pricing['rate_per_input_token_cached']),
    other,
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
