/** `model-sync plan`: what a sync would do, and the hash that carries exactly that out. */
import { defineCommand } from '../line/command.js'
import { describePlan, hasChanges } from '../output/plan-diff.js'
import { plain } from '../output/plain.js'
import { SYNC_OPTIONS, syncRequest } from '../line/sync-options.js'
import { EXIT } from '../line/usage-error.js'

export const plan = defineCommand({
  name: 'plan',
  summary: 'show what a sync would change, held changes included',
  options: {
    ...SYNC_OPTIONS,
    'detailed-exitcode': { type: 'boolean', description: 'exit with 0: nothing to do, 1: error, 2: changes' },
  },
  notes: ['+ new or available again, ~ changed, > renamed, - unavailable, ! held for a person, # rejected'],
  examples: ['model-sync plan', 'model-sync plan --providers litellm --detailed-exitcode', 'model-sync plan --json'],
  run: async ({ values, confirm, output, progress, signal, json, connection, backend }) => {
    const catalogue = await backend(values.providers)
    const request = await syncRequest({ values, confirm }, catalogue)
    if (request === null) return EXIT.failed
    const result = await catalogue.sync({ ...request, dryRun: true }, progress, signal).finally(() => progress.done())
    const { plan: document, planHash, providers, warnings } = result
    if (document === undefined || planHash === undefined) throw new Error('the dry run came without a plan')
    const held = new Set(providers.filter(({ status }) => status === 'held').map(({ provider }) => provider))
    // What is held is part of a plan; what could not be planned is not.
    const errors = result.errors.filter((_line, index) => !held.has(result.problems[index]?.provider ?? ''))
    if (json) await output.json(result)
    else {
      for (const line of errors) progress.line(`error: ${plain(line)}`)
      for (const line of warnings) progress.line(`warning: ${plain(line)}`)
      for (const line of describePlan(document, output)) await output.line(line)
      if (hasChanges(document)) await output.line(`\nTo carry it out: model-sync apply ${planHash}${connection}`)
    }
    if (errors.length > 0) return EXIT.failed
    return values['detailed-exitcode'] === true && hasChanges(document) ? EXIT.changes : EXIT.ok
  },
})
