/** Vercel's AI Gateway: its public list of models of every type, with prices and tiers. */
import type { Mode } from '../../../core/model/model.js'
import { limitOf, membersOf, modeIn, textOf } from '../../kit/entry.js'
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
])
const TAGS = { 'tool-use': 'functionCalling', reasoning: 'reasoning', vision: 'vision' } as const

/** @see https://vercel.com/docs/ai-gateway/models-and-providers (read 2026-11) */
export const vercelAiGateway = openaiCompatible({
  slug: 'vercel-ai-gateway',
  name: 'Vercel AI Gateway',
  description: 'One API for the models of many vendors, at their prices.',
  homepage: 'https://vercel.com/ai-gateway',
  baseUrl: 'https://ai-gateway.vercel.sh',
  chat: { path: '/v1/chat/completions' },
  key: { variables: ['AI_GATEWAY_API_KEY', 'VERCEL_AI_GATEWAY_API_KEY'], required: false },
  members: {
    keep: `
      id created released owned_by name description type tags context_window max_tokens modalities{input output}
      pricing{input output input_cache_read input_cache_write web_search image transcription_duration_cost_per_second
      varies_by_provider input_tiers{cost min max} output_tiers{cost min max} input_cache_read_tiers{cost min max}
      input_cache_write_tiers{cost min max}}
    `,
    leave: 'object',
  },
  fields(entry, id) {
    const modalities = membersOf(entry['modalities'])
    const { fields, warnings } = readVercelPrices(entry['pricing'])
    return {
      fields: {
        name: textOf(entry['name']) ?? id,
        description: textOf(entry['description']),
        mode: modeIn(TYPES, entry['type']),
        contextLength: limitOf(entry['context_window']),
        maxOutputTokens: limitOf(entry['max_tokens']),
        inputModalities: mediaOf(modalities['input']),
        outputModalities: mediaOf(modalities['output']),
        capabilities: capabilitiesIn(entry['tags'], TAGS),
        ...fields,
      },
      warnings,
    }
  },
}) satisfies Source
