/** DeepInfra: its public list of models of every kind, with prices in US cents. */
import { classifyMode } from '../../../core/model/guess-mode.js'
import type { Mode } from '../../../core/model/model.js'
import { readOpenaiEntry } from './openai-shape.js'
import { readDeepinfraPrices } from './prices.js'
import { dateOf, isUnsaid, limitOf, modeIn, textOf, timeOf } from '../../kit/entry.js'
import { capabilitiesIn, listOf } from '../../kit/words.js'
import { entriesIn } from '../../kit/listing.js'
import { openaiCompatible } from '../../kit/openai-compatible.js'
import type { Source } from '../../kit/source.js'

const TYPES = new Map<string, readonly [mode: Mode, input: string, output: string | null]>([
  ['text-generation', ['chat', 'text', 'text']],
  ['embeddings', ['embedding', 'text', null]],
  ['text-to-image', ['image_generation', 'text', 'image']],
  ['text-to-video', ['video_generation', 'text', 'video']],
  ['automatic-speech-recognition', ['audio_transcription', 'audio', 'text']],
  ['text-to-speech', ['audio_speech', 'text', 'audio']],
])

/** `max_tokens` is the context; the most that a model writes is not listed. @see https://deepinfra.com/docs/openai_api (read 2026-11) */
export const deepinfra = openaiCompatible({
  slug: 'deepinfra',
  name: 'DeepInfra',
  description: 'Serverless inference of open models.',
  homepage: 'https://deepinfra.com',
  version: 4,
  baseUrl: 'https://api.deepinfra.com',
  path: '/models/list',
  entries: entriesIn('', 'data'),
  id: ['model_name', 'id'],
  chat: { path: '/v1/openai/chat/completions' },
  key: { variables: ['DEEPINFRA_API_KEY'], required: false },
  members: {
    keep: `
      model_name id type reported_type description tags max_tokens quantization create_ts deprecated replaced_by
      pricing{type cents_per_input_token cents_per_output_token cents_per_cached_input_token rate_per_input_token_cached
      rate_per_input_token_cache_write rate_per_explicit_cache_write_token{5m 1h} explicit_cache_granularity_tokens
      rate_per_service_tier_priority rate_per_service_tier_flex discount discount_ends_at short full cents_per_sec cents_per_input_sec cents_per_output_sec cents_per_input_chars cents_per_image_unit}
      metadata{description context_length max_tokens tags pricing{input_tokens output_tokens cache_read_tokens}}
    `,
    leave: 'private pricing{table} object created root parent owned_by permission',
  },
  fields(entry, id) {
    if (isUnsaid(entry['model_name'])) return readOpenaiEntry(entry, id)
    const type = textOf(entry['reported_type']) ?? textOf(entry['type'])
    const [mode, input, output] = TYPES.get(type ?? '') ?? [null, null, null]
    const tags = listOf(entry['tags'])
    const { fields, warnings } = readDeepinfraPrices(entry['pricing'], mode)
    return {
      fields: {
        description: textOf(entry['description']),
        ownedBy: /^([^/]+)\//.exec(id)?.[1] ?? null,
        mode: type === null ? classifyMode(id) : (mode ?? modeIn(new Map(), type)),
        contextLength: limitOf(entry['max_tokens']),
        // `multimodal` does not say what else goes in.
        inputModalities: input === null || tags.includes('multimodal') ? [] : [input],
        outputModalities: output === null ? [] : [output],
        capabilities: capabilitiesIn(entry['tags'], { tools: 'functionCalling', reasoning: 'reasoning' }),
        ...fields,
        createdAt: timeOf(entry['create_ts']),
        deprecationDate: dateOf(entry['deprecated']),
        replacedBy: textOf(entry['replaced_by']),
      },
      warnings,
    }
  },
}) satisfies Source
