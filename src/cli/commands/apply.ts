/** `model-sync apply`: carries out a plan that was approved, held changes included. */
import { StalePlanError } from '../../errors.js'
import type { SyncResult } from '../../core/records/sync-result.js'
import { defineCommand } from '../line/command.js'
import { plain } from '../output/plain.js'
import { describePlan } from '../output/plan-diff.js'
import { describeResult } from '../output/result-text.js'
import { EXIT } from '../line/usage-error.js'

export const apply = defineCommand({
  name: 'apply',
  summary: 'carry out a plan, exactly as it was shown, held changes included',
  operands: '<planHash>',
  count: { min: 1, max: 1 },
  options: {
    only: { type: 'string', several: true, value: 'ID', description: 'of the plan, only the changes of these models' },
  },
  notes: [
    'Providers and options travel in the hash. When upstream or the catalogue has changed since the plan was made, nothing is',
    'applied, the new plan is shown, and the exit code is 1.',
  ],
  examples: ['model-sync apply eyJmb3JjZ….4be1…', 'model-sync apply eyJmb3JjZ….4be1… --only openrouter/openai/gpt-4o'],
  run: async ({ values, positionals, output, progress, signal, json, connection, backend }) => {
    const catalogue = await backend()
    const request = { planHash: positionals[0] ?? '', only: values.only }
    try {
      const result = await catalogue.sync(request, progress, signal).finally(() => progress.done())
      if (json) await output.json(result)
      else for (const line of describeResult(result, output)) await output.line(line)
      return result.success ? EXIT.ok : EXIT.failed
    } catch (error) {
      if (!(error instanceof StalePlanError)) throw error
      const { result } = error as Error as Error & { result: SyncResult }
      progress.line(`error: ${plain((error as Error).message)}`)
      if (json) await output.json(result)
      else {
        for (const line of result.plan === undefined ? [] : describePlan(result.plan, output)) await output.line(line)
        await output.line(`\nTo carry the new plan out: model-sync apply ${result.planHash ?? ''}${connection}`)
      }
      return EXIT.failed
    }
  },
})
