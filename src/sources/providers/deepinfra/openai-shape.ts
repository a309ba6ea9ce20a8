/** DeepInfra's other list, in OpenAI's shape: what it adds stands under `metadata`, prices in USD per million tokens. */
import { classifyMode } from '../../../core/model/guess-mode.js'
import type { DesiredFields } from '../../../core/model/model-fields.js'
import { limitOf, membersOf, textOf, type Members } from '../../kit/entry.js'
import { readPrices } from '../../kit/prices.js'
import { capabilitiesIn, listOf } from '../../kit/words.js'

const TAGS = {
  vision: 'vision',
  reasoning: 'reasoning',
  reasoning_effort: 'reasoning',
  tools: 'functionCalling',
} as const

/**
 * An entry of `/v1/openai/models`, which an address with a path of its own may lead to. `metadata` is `null` for what is no language model, and
 * `max_tokens` repeats the context. Throws nothing.
 * @see https://deepinfra.com/docs/openai_api (read 2026-11)
 */
export function readOpenaiEntry(entry: Members, id: string): { fields: DesiredFields; warnings: string[] } {
  const said = membersOf(entry['metadata'])
  const pricing = membersOf(said['pricing'])
  const { fields, warnings } = readPrices('usd-per-million', {
    input: pricing['input_tokens'],
    output: pricing['output_tokens'],
    cacheRead: pricing['cache_read_tokens'],
  })
  const isChat = listOf(said['tags']).includes('chat') || (fields.outputCostPerToken ?? null) !== null
  return {
    fields: {
      description: textOf(said['description']),
      ownedBy: /^([^/]+)\//.exec(id)?.[1] ?? null,
      mode: classifyMode(id) ?? (isChat ? 'chat' : null),
      contextLength: limitOf(said['context_length']),
      capabilities: capabilitiesIn(said['tags'], TAGS),
      ...fields,
    },
    warnings,
  }
}
