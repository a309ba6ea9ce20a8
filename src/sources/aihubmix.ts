/** AiHubMix: its public list of models, whose lists are texts with commas. */
import { classifyMode } from '../catalog/classify.js'
import type { Mode } from '../catalog/model.js'
import { readPrices } from './entry-prices.js'
import { capabilitiesIn, countOf, dropping, identifyBy, isRecord } from './entry-reader.js'
import { listOf, membersOf, textOf } from './entry-reader.js'
import { entriesIn } from './listing-shape.js'
import { bearer, type Parsed, type Source } from './source.js'

const identify = identifyBy('model_id')

/** Prices are USD per million: per thousand, as some clients have it, gpt-5 would cost a thousand times its list price. @see https://docs.aihubmix.com (read 2026-11) */
export const aihubmix = {
  slug: 'aihubmix',
  name: 'AiHubMix',
  description: 'One API for the models of many vendors.',
  homepage: 'https://aihubmix.com',
  version: 1,
  baseUrl: 'https://aihubmix.com',
  chat: { path: '/v1/chat/completions' },
  key: { variables: ['AIHUBMIX_API_KEY'], required: false, headers: bearer },
  listings: [{ path: '/api/v1/models', entries: entriesIn('data'), identify, parse, strip: dropping() }],
} satisfies Source

const TYPES = new Map<string, Mode>([
  ['llm', 'chat'],
  ['embedding', 'embedding'],
  ['rerank', 'rerank'],
  ['image_generation', 'image_generation'],
  ['video', 'video_generation'],
  ['tts', 'audio_speech'],
  ['stt', 'audio_transcription'],
])
const FEATURES = {
  thinking: 'reasoning',
  tools: 'functionCalling',
  function_calling: 'functionCalling',
  structured_outputs: 'structuredOutput',
  web: 'webSearch',
} as const

function parse(entry: unknown): Parsed {
  const id = identify(entry)
  if (id === null || !isRecord(entry)) return { kind: 'rejected', reason: 'the entry has no model_id' }
  const types = listOf(entry['types'])
  const mode = types.map((word) => TYPES.get(word)).find((known) => known !== undefined) ?? null
  const input = listOf(entry['input_modalities'])
  const pricing = membersOf(entry['pricing'])
  const { fields, warnings } = readPrices('usd-per-million', {
    input: pricing['input'],
    output: pricing['output'],
    cacheRead: pricing['cache_read'],
    cacheWrite: pricing['cache_write'],
    // What is free says so in its id; 0 is also what models have that are not paid by tokens.
    zeroPair: id.endsWith('-free') ? 'free' : 'unknown',
  })
  return {
    kind: 'model',
    fields: {
      name: textOf(entry['model_name']) ?? id,
      description: textOf(entry['desc']),
      ownedBy: textOf(entry['developer_id']),
      mode: types.length === 0 ? classifyMode(id) : mode,
      contextLength: countOf(entry['context_length']),
      maxOutputTokens: countOf(entry['max_output']),
      inputModalities: input,
      capabilities: {
        ...capabilitiesIn(listOf(entry['features']), FEATURES),
        ...(input.length === 0 ? {} : { vision: input.includes('image'), audioInput: input.includes('audio') }),
      },
      ...fields,
    },
    warnings,
  }
}
