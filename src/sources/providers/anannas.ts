/** Anannas: limits and parameters; its prices count only where they are 0, since nobody says their unit. */
import type { Capability } from '../../core/model/model.js'
import { limitOf, membersOf } from '../kit/entry.js'
import { capabilitiesIn } from '../kit/words.js'
import { openaiCompatible } from '../kit/openai-compatible.js'
import type { Source } from '../kit/source.js'

const PARAMETERS: Readonly<Record<string, Capability>> = {
  tools: 'functionCalling',
  tool_choice: 'toolChoice',
  reasoning: 'reasoning',
  structured_outputs: 'structuredOutput',
}

/** @see https://docs.anannas.ai/API/Overview */
export const anannas = openaiCompatible({
  slug: 'anannas',
  name: 'Anannas',
  description: 'The models behind the Anannas gateway.',
  homepage: 'https://anannas.ai',
  baseUrl: 'https://api.anannas.ai',
  path: '/v1/models?details=true',
  chat: { path: '/v1/chat/completions' },
  key: { variables: ['ANANNAS_API_KEY'], required: false },
  members: {
    keep: 'id created owned_by context_window max_output pricing{input output} supported_parameters',
    leave: 'object',
  },
  fields(entry) {
    const { input, output } = membersOf(entry['pricing'])
    // 0 is 0 in any unit; any other price would be a guess.
    const price = input === 0 && output === 0 ? '0' : null
    return {
      contextLength: limitOf(entry['context_window']),
      maxOutputTokens: limitOf(entry['max_output']),
      capabilities: capabilitiesIn(entry['supported_parameters'], PARAMETERS),
      inputCostPerToken: price,
      outputCostPerToken: price,
    }
  },
}) satisfies Source
