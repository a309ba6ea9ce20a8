/** `model-sync history`: the runs, or one of them. */
import type { SyncCounters } from '../../core/records/sync-result.js'
import type { SyncResult } from '../../core/records/sync-result.js'
import type { RunRecord } from '../../core/records/run-record.js'
import { defineCommand } from '../line/command.js'
import { eachOf, limitOption, readLimit } from '../line/limit.js'
import type { Output } from '../output/output.js'
import { plain } from '../output/plain.js'
import { describeResult } from '../output/result-text.js'
import { layOut } from '../output/table.js'
import { EXIT } from '../line/usage-error.js'

const DEFAULT_LIMIT = 20

export const history = defineCommand({
  name: 'history',
  summary: 'list the runs, newest first, or show one',
  operands: '[runId]',
  count: { min: 0, max: 1 },
  options: limitOption(String(DEFAULT_LIMIT)),
  examples: ['model-sync history', 'model-sync history 0b9f6c1e-5a5e-4a6e-9f0e-2f2f3c9d7f10 --json'],
  run: async ({ values, positionals, output, signal, json, backend }) => {
    const limit = readLimit(values.limit, DEFAULT_LIMIT, 'history')
    const catalogue = await backend()
    const [runId] = positionals
    if (runId !== undefined) {
      const run = await catalogue.run(runId)
      await (json ? output.json(run) : printRun(run, output))
      return EXIT.ok
    }
    const found = eachOf(limit, signal, async (page) => {
      const { runs, nextCursor } = await catalogue.runs(page)
      return { members: runs, nextCursor }
    })
    if (json) await output.jsonList('runs', found)
    else await printRuns(await collect(found), output)
    return EXIT.ok
  },
})

async function collect<T>(members: AsyncIterable<T>): Promise<T[]> {
  const all: T[] = []
  for await (const member of members) all.push(member)
  return all
}

async function printRuns(runs: readonly RunRecord[], output: Output): Promise<void> {
  const number = ({ result }: RunRecord, counter: keyof SyncCounters): string => String(result?.[counter] ?? '–')
  const lines = layOut(runs, [
    { title: 'STARTED', cell: ({ startedAt }) => startedAt },
    { title: 'TRIGGER', cell: ({ trigger }) => trigger },
    { title: 'STATE', cell: (run) => stateOf(run, output) },
    { title: 'MODELS', cell: (run) => number(run, 'totalModels'), right: true },
    { title: 'NEW', cell: (run) => number(run, 'newModels'), right: true },
    { title: 'UPDATED', cell: (run) => number(run, 'updatedModels'), right: true },
    { title: 'GONE', cell: (run) => number(run, 'unavailableModels'), right: true },
    { title: 'RUN', cell: ({ runId }) => runId },
  ])
  for (const line of runs.length === 0 ? ['No runs yet: model-sync starts one.'] : lines) await output.line(line)
}

async function printRun(run: RunRecord, output: Output): Promise<void> {
  const { runId, trigger, startedAt, finishedAt, userId, result } = run
  const by = userId === null ? '' : ` by ${plain(userId)}`
  await output.line(
    `${output.paint('bold', runId)}: ${trigger}${by}, from ${startedAt} to ${finishedAt ?? 'now'}, ${stateOf(run, output)}`,
  )
  if (result === null) return
  for (const line of describeResult(result as unknown as SyncResult, output)) await output.line(line)
}

function stateOf({ finishedAt, success }: RunRecord, output: Output): string {
  if (finishedAt === null) return output.paint('yellow', 'not finished')
  return success === true ? output.paint('green', 'ok') : output.paint('red', 'failed')
}
