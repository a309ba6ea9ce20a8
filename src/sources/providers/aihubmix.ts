/** AiHubMix: its public list of models, whose lists are texts with commas. */
import { classifyMode } from '../../core/model/guess-mode.js'
import type { Mode } from '../../core/model/model.js'
import { readPrices, type RawPrice } from '../kit/prices.js'
import { capabilitiesOfModalities, dateOf, isUnsaid, limitOf, membersOf, modeIn } from '../kit/entry.js'
import { recordsOf, textOf, timeOf, type Members } from '../kit/entry.js'
import { tierPrices } from '../kit/price-tiers.js'
import { capabilitiesIn, listMedia, listOf, mediaOf, unreadMode } from '../kit/words.js'
import { openaiCompatible } from '../kit/openai-compatible.js'
import type { Source } from '../kit/source.js'

const TYPES = new Map<string, Mode>([
  ['llm', 'chat'],
  ['embedding', 'embedding'],
  ['rerank', 'rerank'],
  ['image_generation', 'image_generation'],
  ['video', 'video_generation'],
  ['tts', 'audio_speech'],
  ['stt', 'audio_transcription'],
])
const TIER = 'min_tokens max_tokens min max threshold from to input output cache_read cache_write'
const RELEASED = ['release_date', 'released_at', 'release_time', 'release']
const RETIRED = ['retire_date', 'retired_at', 'retire_time', 'retirement_date', 'retire']
const FEATURES = {
  thinking: 'reasoning',
  tools: 'functionCalling',
  function_calling: 'functionCalling',
  structured_outputs: 'structuredOutput',
  web: 'webSearch',
} as const

/** Prices are USD per million: per thousand, as some clients have it, gpt-5 would cost a thousand times its list price. @see https://docs.aihubmix.com (read 2026-11) */
export const aihubmix = openaiCompatible({
  slug: 'aihubmix',
  name: 'AiHubMix',
  description: 'One API for the models of many vendors.',
  homepage: 'https://aihubmix.com',
  version: 2,
  baseUrl: 'https://aihubmix.com',
  path: '/api/v1/models',
  id: 'model_id',
  chat: { path: '/v1/chat/completions' },
  key: { variables: ['AIHUBMIX_API_KEY'], required: false },
  members: {
    keep: `
      model_id model_name developer_id vendor desc types features input_modalities output_modalities context_length
      max_output release release_date release_time released_at retire retire_date retire_time retired_at retirement_date
      pricing{input output cache_read cache_write tiers{${TIER}}} tiers{${TIER}}
    `,
  },
  fields(entry, id) {
    const types = listOf(entry['types'])
    const inputModalities = listMedia(entry['input_modalities'])
    const outputModalities = listMedia(entry['output_modalities'])
    const { input, output, cache_read: cacheRead, cache_write: cacheWrite } = membersOf(entry['pricing'])
    // What is free says so in its id; 0 is also what models have that are not paid by tokens.
    const zeroPair = id.endsWith('-free') ? 'free' : 'unknown'
    const other = [...tiersOf(entry['pricing']), ...tiersOf(entry)]
    const prices = { input, output, cacheRead, cacheWrite, other, zeroPair } as const
    const { fields, warnings } = readPrices('usd-per-million', prices)
    const own = {
      name: textOf(entry['model_name']) ?? id,
      description: textOf(entry['desc']),
      ownedBy: textOf(entry['vendor']) ?? textOf(entry['developer_id']),
      mode:
        types.length === 0
          ? (classifyMode(id) ?? unreadMode(entry['types']))
          : modeIn(TYPES, types.find((word) => TYPES.has(word)) ?? types[0]),
      contextLength: limitOf(entry['context_length']),
      maxOutputTokens: limitOf(entry['max_output']),
    }
    const capabilities = {
      ...capabilitiesOfModalities(inputModalities, outputModalities),
      ...capabilitiesIn(entry['features'], FEATURES),
    }
    return {
      fields: {
        ...own,
        inputModalities: mediaOf(entry['input_modalities']),
        outputModalities: mediaOf(entry['output_modalities']),
        capabilities,
        ...fields,
        createdAt: timeOf(firstOf(entry, RELEASED)),
        deprecationDate: dateOf(firstOf(entry, RETIRED)),
      },
      warnings,
    }
  },
}) satisfies Source

/** Under either of the names that gateways have for the ends of a tier. */
function tiersOf(stated: unknown): RawPrice[] {
  return recordsOf(membersOf(stated)['tiers']).flatMap((tier) =>
    tierPrices(firstOf(tier, ['min_tokens', 'min', 'threshold', 'from']), firstOf(tier, ['max_tokens', 'max', 'to']), {
      input: tier['input'],
      output: tier['output'],
      cache_read: tier['cache_read'],
      cache_write: tier['cache_write'],
    }),
  )
}

function firstOf(stated: Members, members: readonly string[]): unknown {
  return members.map((member) => stated[member]).find((value) => !isUnsaid(value))
}
