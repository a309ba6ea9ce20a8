/** `model-sync sync`: fetch, plan, guard, apply. */
import { isInStep } from '../../core/records/run-words.js'
import { defineCommand } from '../line/command.js'
import { describePlan } from '../output/plan-diff.js'
import { describeResult } from '../output/result-text.js'
import { SYNC_OPTIONS, syncRequest } from '../line/sync-options.js'
import { EXIT } from '../line/usage-error.js'

export const sync = defineCommand({
  name: 'sync',
  summary: 'sync the providers that the server syncs, or others',
  options: {
    ...SYNC_OPTIONS,
    'dry-run': { type: 'boolean', description: 'fetch and plan, write nothing; with --verbose, show each change' },
  },
  notes: [
    'The exit code is 1 when a guard holds a change or a provider fails; all else is applied.',
    'Entries that are left out are logged on stderr, in lines with "Skipping".',
  ],
  examples: [
    'model-sync',
    'model-sync --dry-run',
    'model-sync --all --yes',
    'model-sync --providers openrouter deepinfra --verbose',
    'model-sync sync --json --url http://127.0.0.1:8081',
  ],
  run: async ({ values, confirm, output, progress, signal, json, verbose, backend }) => {
    const dryRun = values['dry-run'] === true
    const catalogue = await backend(values.providers)
    const request = await syncRequest({ values, confirm }, catalogue)
    if (request === null) return EXIT.failed
    const result = await catalogue.sync({ ...request, dryRun }, progress, signal).finally(() => progress.done())
    if (json) await output.json(result)
    else {
      const diff = verbose && result.plan !== undefined ? [...describePlan(result.plan, output), ''] : []
      for (const line of [...diff, ...describeResult(result, output)]) await output.line(line)
      if (dryRun) await output.line('A dry run: nothing was written.')
    }
    // Who names providers of which none was asked, for want of a key say, got nothing: as over HTTP.
    const named = values.providers !== undefined
    return result.success && (!named || result.providers.some(isInStep)) ? EXIT.ok : EXIT.failed
  },
})
