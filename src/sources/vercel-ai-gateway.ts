/** Vercel's AI Gateway: its public list of models of every type, with prices and tiers. */
import type { Mode } from '../catalog/model.js'
import { readPrices, type RawPrice } from './entry-prices.js'
import { capabilitiesIn, countOf, dropping, identifyBy, isRecord } from './entry-reader.js'
import { listOf, membersOf, textOf, timeOf, type Members } from './entry-reader.js'
import { entriesIn } from './listing-shape.js'
import { bearer, type Parsed, type Source } from './source.js'

const identify = identifyBy('id')

/** A price is that of the cheapest route where it varies by provider. @see https://vercel.com/docs/ai-gateway/models-and-providers (read 2026-11) */
export const vercelAiGateway = {
  slug: 'vercel-ai-gateway',
  name: 'Vercel AI Gateway',
  description: 'One API for the models of many vendors, at their prices.',
  homepage: 'https://vercel.com/ai-gateway',
  version: 1,
  baseUrl: 'https://ai-gateway.vercel.sh',
  chat: { path: '/v1/chat/completions' },
  key: { variables: ['AI_GATEWAY_API_KEY', 'VERCEL_AI_GATEWAY_API_KEY'], required: false, headers: bearer },
  listings: [{ path: '/v1/models', entries: entriesIn('data'), identify, parse, strip: dropping('object') }],
} satisfies Source

const TYPES = new Map<string, Mode>([
  ['language', 'chat'],
  ['embedding', 'embedding'],
  ['image', 'image_generation'],
  ['video', 'video_generation'],
  ['reranking', 'rerank'],
  ['transcription', 'audio_transcription'],
  ['speech', 'audio_speech'],
])
const TAGS = { 'tool-use': 'functionCalling', reasoning: 'reasoning', vision: 'vision' } as const
const TIERED = [
  ['input', 'input'],
  ['output', 'output'],
  ['input_cache_read', 'cache_read'],
  ['input_cache_write', 'cache_write'],
] as const

function parse(entry: unknown): Parsed {
  const id = identify(entry)
  if (id === null || !isRecord(entry)) return { kind: 'rejected', reason: 'the entry has no id' }
  const type = textOf(entry['type'])
  const modalities = membersOf(entry['modalities'])
  const pricing = membersOf(entry['pricing'])
  // What `web_search` counts is not documented, so it is not kept.
  const { fields, warnings } = readPrices('usd-per-token', {
    input: pricing['input'],
    output: pricing['output'],
    cacheRead: pricing['input_cache_read'],
    cacheWrite: pricing['input_cache_write'],
    other: [
      { kind: 'output_image', unit: 'image', raw: pricing['image'] },
      { kind: 'input_audio', unit: 'second', raw: pricing['transcription_duration_cost_per_second'] },
      ...TIERED.flatMap(([member, kind]) => tiersOf(pricing[`${member}_tiers`], kind)),
    ],
  })
  return {
    kind: 'model',
    fields: {
      name: textOf(entry['name']) ?? id,
      description: textOf(entry['description']),
      ownedBy: textOf(entry['owned_by']),
      mode: TYPES.get(type ?? '') ?? null,
      contextLength: countOf(entry['context_window']),
      maxOutputTokens: countOf(entry['max_tokens']),
      inputModalities: listOf(modalities['input']),
      outputModalities: listOf(modalities['output']),
      capabilities: capabilitiesIn(listOf(entry['tags']), TAGS),
      ...fields,
      createdAt: timeOf(entry['created']),
    },
    warnings,
  }
}

/** From `min` tokens of the prompt on, below `max`. The first tier is the base price once more. */
function tiersOf(value: unknown, kind: string): RawPrice[] {
  return (Array.isArray(value) ? (value as unknown[]) : []).flatMap((member) => {
    const tier: Members = membersOf(member)
    const from = countOf(tier['min'])
    const to = countOf(tier['max']) ?? 'up'
    return from === null ? [] : [{ kind: `${kind}_tier_${from}_${to}`, unit: 'token', raw: tier['cost'] }]
  })
}
