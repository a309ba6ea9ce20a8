/** Vercel's AI Gateway: its public list of models of every type, with prices and tiers. */
import type { Mode } from '../../../core/model/model.js'
import { dateOf, limitOf, membersOf, modeIn, textOf, timeOf } from '../../kit/entry.js'
import { capabilitiesIn, mediaOf } from '../../kit/words.js'
import { openaiCompatible } from '../../kit/openai-compatible.js'
import type { Source } from '../../kit/source.js'
import { readVercelPrices } from './prices.js'

const TYPES: ReadonlyMap<string, Mode> = new Map([
  ['language', 'chat'],
  ['embedding', 'embedding'],
  ['image', 'image_generation'],
  ['video', 'video_generation'],
  ['reranking', 'rerank'],
  ['transcription', 'audio_transcription'],
  ['speech', 'audio_speech'],
  ['realtime', 'realtime'],
])
const PRICES = 'input output input_cache_read input_cache_write'
const TIERS = PRICES.split(' ')
  .map((price) => `${price}_tiers{cost min max}`)
  .join(' ')
const SERVICE = `${PRICES} ${TIERS} fast{${PRICES}} long_context{threshold ${PRICES}}`
const TAGS = {
  'tool-use': 'functionCalling',
  reasoning: 'reasoning',
  vision: 'vision',
  'file-input': 'pdfInput',
  'web-search': 'webSearch',
  'implicit-caching': 'promptCaching',
  'explicit-caching': 'promptCaching',
  caching: 'promptCaching',
} as const

/**
 * `created` is the same in all entries, and no model's own: `released` (seconds) is when it came, `deprecated_at` (milliseconds) when it goes.
 * @see https://vercel.com/docs/ai-gateway/models-and-providers (read 2026-11)
 */
export const vercelAiGateway = openaiCompatible({
  slug: 'vercel-ai-gateway',
  name: 'Vercel AI Gateway',
  description: 'One API for the models of many vendors, at their prices.',
  homepage: 'https://vercel.com/ai-gateway',
  version: 2,
  baseUrl: 'https://ai-gateway.vercel.sh',
  chat: { path: '/v1/chat/completions' },
  key: { variables: ['AI_GATEWAY_API_KEY', 'VERCEL_AI_GATEWAY_API_KEY'], required: false },
  members: {
    keep: `
      id released deprecated_at owned_by name description type tags context_window max_tokens knowledge regions
      modalities{input output} supported_parameters pricing{${PRICES} ${TIERS} web_search maps_search image
      audio_input_token_cost audio_output_token_cost speech_input_character_cost
      transcription_duration_cost_per_second realtime_session_duration_cost_per_second realtime_client_message_cost
      varies_by_provider fast{${PRICES}} service_tiers{flex{${SERVICE}} priority{${SERVICE}} standard{${SERVICE}}
      batch{${SERVICE}}} regional{eu{${PRICES} ${TIERS} fast{${PRICES}}} us{${PRICES} ${TIERS} fast{${PRICES}}}}
      image_dimension_quality_pricing{cost operation size quality style} video_duration_pricing{cost_per_second
      resolution mode audio voice_control} video_token_pricing{no_video_input{cost_per_million_tokens}
      with_video_input{cost_per_million_tokens}}}
    `,
    leave: 'object created',
  },
  fields(entry, id) {
    const modalities = membersOf(entry['modalities'])
    const mode = modeIn(TYPES, entry['type'])
    const { fields, warnings } = readVercelPrices(id, mode, entry['pricing'])
    return {
      fields: {
        name: textOf(entry['name']) ?? id,
        description: textOf(entry['description']),
        mode,
        contextLength: limitOf(entry['context_window']),
        maxOutputTokens: limitOf(entry['max_tokens']),
        inputModalities: mediaOf(modalities['input']),
        outputModalities: mediaOf(modalities['output']),
        capabilities: capabilitiesIn(entry['tags'], TAGS),
        ...fields,
        createdAt: timeOf(entry['released']),
        deprecationDate: dateOf(entry['deprecated_at']),
      },
      warnings,
    }
  },
}) satisfies Source
