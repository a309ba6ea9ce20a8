/** Rows of LiteLLM's /model/info in their true shape, the same for the same seed. */
import { createHash } from 'node:crypto'

export interface ModelRow {
  model_name: string
  litellm_params: Record<string, unknown>
  model_info: Record<string, unknown>
}

const NULL_MEMBERS = [
  ...['flex', 'priority', 'batches'].flatMap((tier) => [
    `input_cost_per_token_${tier}`,
    `output_cost_per_token_${tier}`,
  ]),
  ...['128k', '200k', '272k'].flatMap((size) => [
    `input_cost_per_token_above_${size}_tokens`,
    `output_cost_per_token_above_${size}_tokens`,
  ]),
  ...['', '_above_200k_tokens', '_flex', '_priority'].map((condition) => `cache_read_input_token_cost${condition}`),
  ...['', '_above_200k_tokens', '_above_1hr'].map((condition) => `cache_creation_input_token_cost${condition}`),
  ...['character', 'query', 'second', 'audio_token', 'image_token', 'image'].map((unit) => `input_cost_per_${unit}`),
  ...['character', 'second', 'audio_token', 'reasoning_token', 'image_token', 'image'].map(
    (unit) => `output_cost_per_${unit}`,
  ),
  ...['output_vector_size', 'citation_cost_per_token', 'tiered_pricing', 'search_context_cost_per_query'],
  ...['ocr_cost_per_page', 'annotation_cost_per_page', 'provider_specific_entry', 'uses_embed_content', 'tpm', 'rpm'],
  ...[
    'system_messages',
    'response_schema',
    'vision',
    'function_calling',
    'parallel_function_calling',
    'tool_choice',
  ].map((f) => `supports_${f}`),
  ...['assistant_prefill', 'prompt_caching', 'audio_input', 'audio_output', 'pdf_input', 'embedding_image_input'].map(
    (f) => `supports_${f}`,
  ),
  ...['native_streaming', 'web_search', 'url_context', 'reasoning', 'computer_use'].map((f) => `supports_${f}`),
]

export interface RowOptions {
  model_name?: string
  litellm_params?: Record<string, unknown>
  model_info?: Record<string, unknown>
  /** Pads the row's JSON to this many bytes (ASCII) where it is shorter. */
  bytes?: number
}

/** A full row of /model/info: all of LiteLLM's members, nearly all `null`; `model_info` and `litellm_params` of the options are laid over it. */
export function modelRow(options: RowOptions = {}): ModelRow {
  const name = options.model_name ?? 'gpt-4o'
  const row: ModelRow = {
    model_name: name,
    litellm_params: {
      api_base: 'http://10.20.30.40:8000/v1',
      use_in_pass_through: false,
      use_litellm_proxy: false,
      merge_reasoning_content_in_choices: false,
      model: `openai/${name}`,
      ...options.litellm_params,
    },
    model_info: {
      id: createHash('sha256').update(name).digest('hex'),
      db_model: false,
      key: name,
      max_tokens: 16_384,
      max_input_tokens: 128_000,
      max_output_tokens: 16_384,
      input_cost_per_token: 0.0000025,
      output_cost_per_token: 0.00001,
      litellm_provider: 'openai',
      mode: 'chat',
      ...Object.fromEntries(NULL_MEMBERS.map((member) => [member, null])),
      supported_openai_params: ['max_tokens', 'stream', 'temperature', 'tools', 'tool_choice', 'response_format'],
      ...options.model_info,
    },
  }
  const missing = (options.bytes ?? 0) - JSON.stringify(row).length - '"notes":"",'.length
  if (missing > 0) row.model_info['notes'] = noise(missing, random(hashOf(name)))
  return row
}

/** `n` rows with names, prices, limits and flags of their own; the same for the same seed. `bytes`: of each, about. */
export function manyRows(n: number, { seed = 1, bytes = 0 }: { seed?: number; bytes?: number } = {}): ModelRow[] {
  const next = random(seed)
  const flag = (): boolean | null => [true, false, null][Math.floor(next() * 3)] ?? null
  return Array.from({ length: n }, (_, index) => {
    const price = Math.ceil(next() * 400) / 40_000_000
    const limit = 1_024 * 2 ** Math.floor(next() * 10)
    return modelRow({
      model_name: `vendor-${index % 40}/model-${String(index).padStart(5, '0')}`,
      bytes,
      model_info: {
        max_input_tokens: limit,
        max_output_tokens: limit / 4,
        input_cost_per_token: price,
        output_cost_per_token: price * 4,
        cache_read_input_token_cost: price / 2,
        litellm_provider: `vendor-${index % 40}`,
        supports_vision: flag(),
        supports_function_calling: flag(),
        supports_reasoning: flag(),
      },
    })
  })
}

/** Numbers from 0 to 1, the same for the same seed (mulberry32). */
export function random(seed: number): () => number {
  let state = seed >>> 0
  return () => {
    state = (state + 0x6d2b79f5) >>> 0
    let mixed = Math.imul(state ^ (state >>> 15), state | 1)
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61)
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296
  }
}

/** A copy in another order. */
export function shuffled<T>(list: readonly T[], next: () => number): T[] {
  const copy = [...list]
  for (let last = copy.length - 1; last > 0; last--) {
    const other = Math.floor(next() * (last + 1))
    ;[copy[last], copy[other]] = [copy[other] as T, copy[last] as T]
  }
  return copy
}

/** A copy whose objects have their members in another order. */
export function withShuffledKeys(value: unknown, next: () => number): unknown {
  if (Array.isArray(value)) return value.map((member: unknown) => withShuffledKeys(member, next))
  if (typeof value !== 'object' || value === null) return value
  return Object.fromEntries(
    shuffled(Object.entries(value), next).map(([name, member]) => [name, withShuffledKeys(member, next)]),
  )
}

// Cut out of one long stretch, since 50,000 rows of their own would take seconds; no two rows of a chunk share enough to be compressed together.
let pool = ''

/** Text of so many characters, of which no two pieces are alike. */
export function noise(length: number, next: () => number): string {
  const letters = 'abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789 .'
  if (pool === '') {
    const letter = random(7)
    pool = Array.from({ length: 1_000_000 }, () => letters[Math.floor(letter() * letters.length)]).join('')
  }
  const start = Math.floor(next() * Math.max(1, pool.length - length))
  return pool.slice(start, start + length).padEnd(length, '.')
}

function hashOf(text: string): number {
  return createHash('sha256').update(text).digest().readUInt32LE()
}
