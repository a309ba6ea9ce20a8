/** Hugging Face's router: each model with the providers that serve it, each at its own price in USD per million tokens. */
import { classifyModalities } from '../../../core/model/guess-mode.js'
import { capabilitiesOf, capabilitiesOfModalities, countOf, limitOf } from '../../kit/entry.js'
import { membersOf } from '../../kit/entry.js'
import { listMedia, mediaOf } from '../../kit/words.js'
import { anySays, cheapest, offersOf } from './offers.js'
import { openaiCompatible } from '../../kit/openai-compatible.js'
import type { Source } from '../../kit/source.js'

/**
 * One model for all its providers that are live: input and output of the cheapest of them (by their sum, never of two different ones), the longest
 * context, what any of them can do. The others stay in the entry. 0 is free only where a provider says `is_free`.
 * @see https://huggingface.co/docs/inference-providers/hub-api
 */
export const huggingface = openaiCompatible({
  slug: 'huggingface',
  name: 'Hugging Face Inference Providers',
  description: 'The chat models that Hugging Face routes to its inference providers.',
  homepage: 'https://huggingface.co/docs/inference-providers',
  baseUrl: 'https://router.huggingface.co',
  chat: { path: '/v1/chat/completions' },
  key: { variables: ['HF_TOKEN'], required: false },
  fields(entry) {
    const architecture = membersOf(entry['architecture'])
    const inputModalities = listMedia(architecture['input_modalities'])
    const outputModalities = listMedia(architecture['output_modalities'])
    const live = offersOf(entry).filter(({ status }) => status === 'live')
    const { prices, warnings } = cheapest(live)
    const capabilities = {
      ...capabilitiesOfModalities(inputModalities, outputModalities),
      ...capabilitiesOf({
        functionCalling: anySays(live, 'supports_tools'),
        structuredOutput: anySays(live, 'supports_structured_output'),
      }),
    }
    const contexts = live.flatMap((offer) => countOf(offer['context_length']) ?? [])
    return {
      fields: {
        mode: outputModalities.length === 0 ? 'chat' : classifyModalities(inputModalities, outputModalities),
        contextLength: contexts.length > 0 ? Math.max(...contexts) : limitOf(live[0]?.['context_length']),
        inputModalities: mediaOf(architecture['input_modalities']),
        outputModalities: mediaOf(architecture['output_modalities']),
        capabilities,
        deployments: live.length,
        ...prices,
      },
      warnings,
    }
  },
  members: {
    keep: `
      id created owned_by architecture{input_modalities output_modalities} providers{provider status context_length
      pricing{input output} is_free supports_tools supports_structured_output is_model_author}
    `,
    leave: 'object providers{first_token_latency_ms throughput}',
  },
}) satisfies Source
