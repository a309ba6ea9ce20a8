/** Tells in plain words what each sync found, as it is on record in the catalogue. */
import { setTimeout as delay } from 'node:timers/promises'
import type { ChangeRecord, ModelSync } from '../src/index.js'

const WATCH_MS = 500
// More than that is a first sync, which a number says better.
const MOST_LINES = 12

/** Says each run when it has ended, until `signal` is aborted. */
export async function tellRuns(
  { runs: history, catalogue: { changelog } }: Pick<ModelSync, 'runs' | 'catalogue'>,
  say: (line: string) => void,
  signal: AbortSignal,
): Promise<void> {
  const told = new Set<string>()
  while (!signal.aborted) {
    const { runs } = await history.list({ limit: 20 })
    for (const run of runs.reverse()) {
      if (run.finishedAt === null || told.has(run.runId)) continue
      told.add(run.runId)
      const errors = (run.result?.['errors'] ?? []) as string[]
      const { changes } = await changelog.changes({ since: run.startedAt, limit: 500 })
      const own = changes.filter(({ runId }) => runId === run.runId).reverse()
      say(`${time(run.finishedAt)}  ${run.trigger} sync, ${run.durationMs} ms: ${summary(run.result ?? {})}`)
      if (own.length <= MOST_LINES) for (const change of own) say(`            ${describe(change)}`)
      for (const error of errors) say(`            ${error}`)
    }
    await delay(WATCH_MS, undefined, { signal: signal }).catch(() => undefined)
  }
}

function summary(result: Record<string, unknown>): string {
  const counts = {
    new: 'newModels',
    changed: 'updatedModels',
    unavailable: 'unavailableModels',
    back: 'restoredModels',
  }
  const parts = Object.entries(counts).map(([word, counter]) => [word, Number(result[counter] ?? 0)] as const)
  const said = parts.filter(([, count]) => count > 0).map(([word, count]) => `${count} ${word}`)
  const held = Number(result['heldChanges'] ?? 0)
  if (held > 0) said.push(`${held} held`)
  return `${Number(result['totalModels'] ?? 0)} models, ${said.join(', ') || 'no change'}`
}

function describe({ kind, modelId, field, from, to }: ChangeRecord): string {
  if (field === null) return `${kind}: ${modelId}`
  if (field !== 'capabilities') return `${kind}: ${modelId}, ${field} ${show(from)} → ${show(to)}`
  const [before, after] = [from, to].map((value) => (value ?? {}) as Record<string, boolean>)
  const names = [...new Set([...Object.keys(before ?? {}), ...Object.keys(after ?? {})])]
  const moved = names.filter((name) => before?.[name] !== after?.[name])
  return `${kind}: ${modelId}, ${moved.map((name) => `${name} ${show(before?.[name])} → ${show(after?.[name])}`).join(', ')}`
}

function show(value: unknown): string {
  if (value === null || value === undefined) return 'unknown'
  return typeof value === 'string' ? value : JSON.stringify(value)
}

function time(iso: string): string {
  return new Date(iso).toTimeString().slice(0, 8)
}
