/** NEAR's other list, in the shape of OpenAI and OpenRouter at once, which stands for the first where that one is gone. */
import { toCostPerToken } from '../../../core/model/price.js'
import { isUnsaid, type Members } from '../../kit/entry.js'
import { openrouterLike } from '../../kit/openrouter-like.js'
import type { OpenAICompatible } from '../../kit/openai-compatible.js'
import type { Listing } from '../../kit/source.js'

/** `input` and `output` are USD per million tokens, the other prices of the same row USD per token. @see https://docs.near.ai (read 2026-11) */
export function allModels(
  provider: Pick<OpenAICompatible, 'slug' | 'name' | 'description' | 'homepage' | 'baseUrl' | 'key'>,
): Listing {
  const [listing] = openrouterLike({
    ...provider,
    keep: 'pricing{input output} verifiable provider_type attestation_supported',
    leave: 'aliases max_model_len',
    // The first list writes no price where there is none.
    isFree: () => false,
    pricing: ({ input, output, ...stated }: Members) => ({
      ...stated,
      prompt: isUnsaid(stated['prompt']) ? perToken(input) : stated['prompt'],
      completion: isUnsaid(stated['completion']) ? perToken(output) : stated['completion'],
    }),
  }).listings
  return {
    ...listing!,
    optional: 'what the list of all models adds keeps its last state',
    without: ({ status }) => (status === 404 ? { warning: null, complete: true } : null),
  }
}

// What is no price stays as it is, so that the warning shows it.
function perToken(raw: unknown): unknown {
  return toCostPerToken(raw, 'usd-per-million') ?? raw
}
