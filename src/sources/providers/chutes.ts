/** Chutes: open models on decentralised hardware, with prices in USD per million tokens. */
import { classifyModalities, classifyMode } from '../../core/model/guess-mode.js'
import type { Capability } from '../../core/model/model.js'
import { capabilitiesOfModalities, isUnsaid, limitOf, membersOf, textOf } from '../kit/entry.js'
import { capabilitiesIn, listMedia, mediaOf } from '../kit/words.js'
import { readPrices } from '../kit/prices.js'
import { openaiCompatible } from '../kit/openai-compatible.js'
import type { Source } from '../kit/source.js'

const FEATURES: Readonly<Record<string, Capability>> = {
  tools: 'functionCalling',
  reasoning: 'reasoning',
  structured_outputs: 'structuredOutput',
}

/**
 * `context_length` is what is served; `max_model_len` may be more, and stands for it where it is alone. `created` and `permission` are the serving engine's and change with it; `price`
 * repeats `pricing` beside its worth in TAO, which moves all the time.
 * @see https://chutes.ai/docs
 */
export const chutes = openaiCompatible({
  slug: 'chutes',
  name: 'Chutes',
  description: 'The language models that Chutes serves.',
  homepage: 'https://chutes.ai/app',
  version: 3,
  baseUrl: 'https://llm.chutes.ai',
  chat: { path: '/v1/chat/completions' },
  key: { variables: ['CHUTES_API_KEY'], required: false },
  volatile: ['created', 'permission', 'price'],
  members: {
    keep: `
      id chute_id owned_by tagline context_length max_model_len max_output_length input_modalities output_modalities
      supported_features supported_sampling_parameters quantization confidential_compute pricing{prompt completion
      input_cache_read}
    `,
    leave: `
      object created permission price root parent public hot invocation_count chutes_pricing supported_gpus gpu_count
      min_vram_gb_per_gpu active_instances total_instances
    `,
  },
  fields(entry, id) {
    const inputModalities = listMedia(entry['input_modalities'])
    const outputModalities = listMedia(entry['output_modalities'])
    const pricing = membersOf(entry['pricing'])
    const { fields, warnings } = readPrices('usd-per-million', {
      input: pricing['prompt'],
      output: pricing['completion'],
      cacheRead: pricing['input_cache_read'],
    })
    const capabilities = {
      ...capabilitiesOfModalities(inputModalities, outputModalities),
      ...capabilitiesIn(entry['supported_features'], FEATURES),
    }
    const mode = outputModalities.length > 0 ? classifyModalities(inputModalities, outputModalities) : classifyMode(id)
    const limits = {
      contextLength: limitOf(isUnsaid(entry['context_length']) ? entry['max_model_len'] : entry['context_length']),
      maxOutputTokens: limitOf(entry['max_output_length']),
    }
    // `owned_by` names the engine (sglang, vllm), which is nobody's maker.
    const own = {
      description: textOf(entry['tagline']),
      ownedBy: null,
      mode,
      ...limits,
      inputModalities: mediaOf(entry['input_modalities']),
      outputModalities: mediaOf(entry['output_modalities']),
      capabilities,
    }
    return { fields: { ...own, ...fields }, warnings }
  },
}) satisfies Source
