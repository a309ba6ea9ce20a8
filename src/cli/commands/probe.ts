/** `model-sync probe`: whether a model answers. */
import { defineCommand } from '../line/command.js'
import { plain } from '../output/plain.js'
import { EXIT } from '../line/usage-error.js'

export const probe = defineCommand({
  name: 'probe',
  summary: 'send the smallest chat request to a model',
  operands: '<id>',
  count: { min: 1, max: 1 },
  options: {},
  notes: [
    'Costs what its tokens cost, and one of the day’s MODEL_SYNC_PROBE_BUDGET; allowed with MODEL_SYNC_PROBE=true.',
  ],
  examples: ['model-sync probe litellm/gpt-4o', 'model-sync probe groq/llama-3.3-70b-versatile --json'],
  run: async ({ positionals: [id = ''], output, signal, json, backend }) => {
    const found = await (await backend()).probe(id, signal)
    if (json) await output.json(found)
    else if (found.ok) await output.line(`${plain(id)} answers, after ${found.latencyMs} ms.`)
    else await output.line(`${plain(id)} does not answer: ${plain(found.reason ?? 'no reason is known')}`)
    return found.ok ? EXIT.ok : EXIT.failed
  },
})
