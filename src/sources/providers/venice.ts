/** Venice: its text models, with prices in USD per million tokens, limits and capabilities. */
import { classifyMode } from '../../core/model/guess-mode.js'
import { capabilitiesOf, dateOf, flagOf, isRecord, limitOf, membersOf } from '../kit/entry.js'
import { saysYes, textOf, type Members } from '../kit/entry.js'
import { tierPrices } from '../kit/price-tiers.js'
import { readPrices } from '../kit/prices.js'
import { openaiCompatible } from '../kit/openai-compatible.js'
import type { Source } from '../kit/source.js'

/** Each price in Venice's own currency beside it. */
const WORTH = ['input', 'output', 'cache_input', 'cache_write'].map((price) => `${price}{diem vcu}`).join(' ')

/** Only text models are asked for: of speech the same member is a price by the character. @see https://docs.venice.ai/api-reference/endpoint/models/list (read 2026-11) */
export const venice = openaiCompatible({
  slug: 'venice',
  name: 'Venice',
  description: 'The text models of Venice.',
  homepage: 'https://venice.ai',
  baseUrl: 'https://api.venice.ai',
  path: '/api/v1/models?type=text',
  chat: { path: '/api/v1/chat/completions' },
  key: { variables: ['VENICE_API_KEY'], required: false },
  filter: (entry) => ((textOf(entry['type']) ?? 'text') === 'text' ? null : 'not a text model'),
  withdrawn: (entry) => (saysYes(membersOf(entry['model_spec'])['offline']) ? 'offline' : null),
  members: {
    keep: `
      id type created owned_by model_spec{name description availableContextTokens maxCompletionTokens modelSource beta betaModel privacy
      offline traits quantization capabilities{supportsAudioInput supportsE2EE supportsFunctionCalling supportsLogProbs supportsReasoning supportsReasoningEffort supportsResponseSchema supportsVideoInput supportsVision supportsWebSearch supportsMultipleImages supportsTeeAttestation supportsXSearch optimizedForCode quantization reasoningEffortOptions}
      pricing{input{usd} output{usd} cache_input{usd} cache_write{usd} extended{context_token_threshold input{usd}
      output{usd} cache_input{usd} cache_write{usd}}} deprecation{date}}
    `,
    leave: `
      object model_spec{constraints model_sets pricing{${WORTH} extended{${WORTH}}}}
    `,
  },
  fields(entry, id) {
    const spec = membersOf(entry['model_spec'])
    const can = membersOf(spec['capabilities'])
    const { fields, warnings } = pricesOf(membersOf(spec['pricing']))
    const media = { image: flagOf(can['supportsVision']), audio: flagOf(can['supportsAudioInput']) }
    const video = flagOf(can['supportsVideoInput'])
    const taken = Object.entries({ ...media, video }).flatMap(([medium, takes]) => (takes === true ? [medium] : []))
    return {
      fields: {
        name: textOf(spec['name']) ?? undefined,
        description: textOf(spec['description']),
        ownedBy: null,
        mode: classifyMode(id) ?? 'chat',
        contextLength: limitOf(spec['availableContextTokens']),
        maxOutputTokens: limitOf(spec['maxCompletionTokens']),
        inputModalities: isRecord(spec['capabilities']) ? ['text', ...taken] : [],
        outputModalities: isRecord(spec['capabilities']) ? ['text'] : [],
        capabilities: capabilitiesOf({
          vision: media.image,
          audioInput: media.audio,
          functionCalling: flagOf(can['supportsFunctionCalling']),
          reasoning: flagOf(can['supportsReasoning']),
          structuredOutput: flagOf(can['supportsResponseSchema']),
          webSearch: flagOf(can['supportsWebSearch']),
        }),
        ...fields,
        deprecationDate: dateOf(membersOf(spec['deprecation'])['date']),
      },
      warnings,
    }
  },
}) satisfies Source

/** Each price stands beside its worth in Venice's own currency. */
function pricesOf(pricing: Members): ReturnType<typeof readPrices> {
  const extended = membersOf(pricing['extended'])
  const usd = (of: Members, member: string): unknown => membersOf(of[member])['usd']
  return readPrices('usd-per-million', {
    input: usd(pricing, 'input'),
    output: usd(pricing, 'output'),
    cacheRead: usd(pricing, 'cache_input'),
    cacheWrite: usd(pricing, 'cache_write'),
    other: tierPrices(extended['context_token_threshold'], null, {
      input: usd(extended, 'input'),
      output: usd(extended, 'output'),
      cache_read: usd(extended, 'cache_input'),
      cache_write: usd(extended, 'cache_write'),
    }),
  })
}
