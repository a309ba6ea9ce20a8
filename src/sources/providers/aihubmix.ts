/** AiHubMix: its public list of models, whose lists are texts with commas. */
import { classifyMode } from '../../core/model/guess-mode.js'
import type { Mode } from '../../core/model/model.js'
import { readPrices } from '../kit/prices.js'
import { capabilitiesOfModalities, limitOf, membersOf, modeIn, textOf } from '../kit/entry.js'
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
  baseUrl: 'https://aihubmix.com',
  path: '/api/v1/models',
  id: 'model_id',
  chat: { path: '/v1/chat/completions' },
  key: { variables: ['AIHUBMIX_API_KEY'], required: false },
  members: {
    keep: `
      model_id model_name developer_id desc types features input_modalities context_length max_output pricing{input
      output cache_read cache_write}
    `,
  },
  fields(entry, id) {
    const types = listOf(entry['types'])
    const inputModalities = listMedia(entry['input_modalities'])
    const { input, output, cache_read: cacheRead, cache_write: cacheWrite } = membersOf(entry['pricing'])
    // What is free says so in its id; 0 is also what models have that are not paid by tokens.
    const zeroPair = id.endsWith('-free') ? 'free' : 'unknown'
    const { fields, warnings } = readPrices('usd-per-million', { input, output, cacheRead, cacheWrite, zeroPair })
    const own = {
      name: textOf(entry['model_name']) ?? id,
      description: textOf(entry['desc']),
      ownedBy: textOf(entry['developer_id']),
      mode:
        types.length === 0
          ? (classifyMode(id) ?? unreadMode(entry['types']))
          : modeIn(TYPES, types.find((word) => TYPES.has(word)) ?? types[0]),
      contextLength: limitOf(entry['context_length']),
      maxOutputTokens: limitOf(entry['max_output']),
    }
    const capabilities = {
      ...capabilitiesOfModalities(inputModalities, []),
      ...capabilitiesIn(entry['features'], FEATURES),
    }
    return {
      fields: { ...own, inputModalities: mediaOf(entry['input_modalities']), capabilities, ...fields },
      warnings,
    }
  },
}) satisfies Source
