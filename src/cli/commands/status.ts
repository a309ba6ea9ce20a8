/** `model-sync status`: whether the catalogue is in step. */
import type { RunRow } from '../../store/run-store.js'
import { defineCommand } from '../command.js'
import { count, plain } from '../plain.js'
import { EXIT } from '../usage-error.js'

export const status = defineCommand({
  name: 'status',
  summary: 'show whether the catalogue is in step: last sync, counts, what waits for a person',
  options: {},
  examples: ['model-sync status', 'model-sync status --json | jq .needsSync'],
  run: async ({ output, json, backend }) => {
    const catalogue = await backend()
    const found = await catalogue.status()
    if (json) {
      await output.json(found)
      return EXIT.ok
    }
    const { lastSync, lastSuccess, needsSync, held, nextSyncAt, running, models, health } = found
    const failing = health.providers.filter(({ healthy }) => !healthy)
    const advice = needsSync
      ? output.paint('yellow', 'a sync is due: model-sync sync')
      : output.paint('green', 'in step')
    const lines = [
      `Catalogue     ${catalogue.where}, revision ${health.revision}`,
      `Models        ${count(models.totalModels, 'model')}: ${models.availableModels} available, ${models.unavailableModels} unavailable`,
      `Last sync     ${describeRun(lastSync)}${running ? ', one is running now' : ''}`,
      `Last success  ${describeRun(lastSuccess)}`,
      ...(nextSyncAt === null ? [] : [`Next sync     ${nextSyncAt}`]),
      `State         ${advice}`,
      ...(held === 0
        ? []
        : [
            output.paint(
              'magenta',
              `Held          ${count(held, 'change')}: model-sync plan shows them, model-sync apply lets them through`,
            ),
          ]),
      ...health.problems.map((problem) => output.paint('red', `Problem       ${plain(problem)}`)),
      ...failing.map(({ provider, lastError }) =>
        output.paint('red', `Failing       ${provider}: ${plain(lastError ?? '')}`),
      ),
    ]
    for (const line of lines) await output.line(line)
    return EXIT.ok
  },
})

function describeRun(run: RunRow | null): string {
  if (run === null) return 'never'
  return `${run.startedAt}, ${run.trigger}, ${run.success === true ? 'ok' : 'failed'}`
}
