/** Friendli: its serverless models, paid by the token or by the second of an answer. */
import { classifyModalities, classifyMode } from '../../core/model/guess-mode.js'
import { toCostPerToken } from '../../core/model/price.js'
import { capabilitiesOf, capabilitiesOfModalities, dateOf, firstSaid, flagOf, limitOf } from '../kit/entry.js'
import { membersOf, textOf, type Members } from '../kit/entry.js'
import { readPrices } from '../kit/prices.js'
import { openaiCompatible } from '../kit/openai-compatible.js'
import { listMedia, mediaOf } from '../kit/words.js'
import type { Source } from '../kit/source.js'

/** @see https://friendli.ai/docs/openapi/serverless (read 2026-11) */
export const friendli = openaiCompatible({
  slug: 'friendli',
  name: 'Friendli',
  description: 'The serverless models of FriendliAI.',
  homepage: 'https://friendli.ai',
  baseUrl: 'https://api.friendli.ai',
  path: '/serverless/v1/models',
  chat: { path: '/serverless/v1/chat/completions' },
  key: { variables: ['FRIENDLI_TOKEN'], required: false },
  members: {
    keep: `
      id name description created context_length max_completion_tokens functionality{tool_call parallel_tool_call
      structured_output tool_choice system_messages} pricing{input output prompt completion response_time unit_type
      input_cache_read input_cache_write} input_modalities output_modalities reasoning reasoning_options{type values}
      deprecation_date license base_model mode hugging_face_id
    `,
    leave: 'object owned_by hugging_face_url policy interleaved',
  },
  fields(entry, id) {
    const can = membersOf(entry['functionality'])
    const input = listMedia(entry['input_modalities'])
    const output = listMedia(entry['output_modalities'])
    const { fields, warnings } = pricesOf(membersOf(entry['pricing']))
    return {
      fields: {
        name: textOf(entry['name']) ?? undefined,
        description: textOf(entry['description']),
        ownedBy: /^([^/]+)\//.exec(id)?.[1] ?? null,
        mode: output.length === 0 ? classifyMode(id) : classifyModalities(input, output),
        contextLength: limitOf(entry['context_length']),
        maxOutputTokens: limitOf(entry['max_completion_tokens']),
        inputModalities: mediaOf(entry['input_modalities']),
        outputModalities: mediaOf(entry['output_modalities']),
        capabilities: {
          ...capabilitiesOfModalities(input, output),
          ...capabilitiesOf({
            functionCalling: flagOf(can['tool_call']),
            parallelFunctionCalling: flagOf(can['parallel_tool_call']),
            structuredOutput: flagOf(can['structured_output']),
            toolChoice: flagOf(can['tool_choice']),
            systemMessages: flagOf(can['system_messages']),
            reasoning: flagOf(entry['reasoning']),
          }),
        },
        deprecationDate: dateOf(entry['deprecation_date']),
        ...fields,
      },
      warnings,
    }
  },
}) satisfies Source

/**
 * Numbers are USD per million tokens, texts (since 2026) USD per token. A model of unit SECOND is paid by the time that an answer takes, whatever
 * stands beside it.
 */
function pricesOf(pricing: Members): ReturnType<typeof readPrices> {
  const { input, output, prompt, completion, unit_type: unit, response_time: time } = pricing
  const word = textOf(unit)?.toUpperCase() ?? 'TOKEN'
  const price = (raw: unknown): unknown => (word === 'TOKEN' ? perToken(raw) : null)
  return readPrices('usd-per-token', {
    input: price(firstSaid(input, prompt)),
    output: price(firstSaid(output, completion)),
    cacheRead: price(pricing['input_cache_read']),
    cacheWrite: price(pricing['input_cache_write']),
    other: word === 'SECOND' ? [{ kind: 'usage', unit: 'second', raw: time }] : [],
  })
}

function perToken(raw: unknown): unknown {
  return typeof raw === 'number' ? (toCostPerToken(raw, 'usd-per-million') ?? raw) : raw
}
