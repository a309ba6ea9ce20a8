/** A result for people: a line for each provider, then what came of it all. */
import type { ProviderResult, SyncCounters, SyncResult } from '../../core/records/sync-result.js'
import type { Output, Paint } from './output.js'
import { count, plain } from './plain.js'
import { layOut } from './table.js'

const COLOURS: Record<ProviderResult['status'], Paint> = {
  ok: 'green',
  'not-modified': 'green',
  held: 'yellow',
  incomplete: 'yellow',
  failed: 'red',
  skipped: 'gray',
  disabled: 'gray',
}

const WORDS: [counter: keyof SyncCounters, word: string][] = [
  ['newModels', 'new'],
  ['updatedModels', 'updated'],
  ['restoredModels', 'restored'],
  ['renamedModels', 'renamed'],
  ['unavailableModels', 'unavailable'],
  ['unchangedModels', 'unchanged'],
  ['heldChanges', 'held'],
  ['rejectedModels', 'rejected'],
  ['filteredModels', 'left out'],
]

export function describeResult(result: SyncResult, output: Output): string[] {
  const rows = layOut(result.providers, [
    { title: 'PROVIDER', cell: ({ provider }) => provider },
    { title: 'STATUS', cell: ({ status }) => output.paint(COLOURS[status], status) },
    { title: 'MODELS', cell: ({ totalModels }) => String(totalModels), right: true },
    { title: 'TIME', cell: ({ fetchMs, applyMs }) => seconds(fetchMs + applyMs), right: true },
    { title: 'RESULT', cell: describeProvider },
  ])
  const errors = result.problems.flatMap(({ provider }, index) =>
    result.providers.some((one) => one.provider === provider) ? [] : [result.errors[index] ?? ''],
  )
  const verb = result.dryRun ? 'Would sync' : 'Synced'
  const done = `${verb} ${count(result.totalModels, 'model')} of ${count(result.providers.length, 'provider')} in ${seconds(result.durationMs)}: ${sumUp(result)}.`
  const run = result.runId === null ? '' : ` Run ${result.runId}, revision ${result.revision ?? 'unknown'}.`
  return [
    ...(result.providers.length === 0 ? [] : rows),
    ...errors.map((line) => output.paint('red', plain(line))),
    output.paint(result.success ? 'green' : 'yellow', done) + run,
  ]
}

function describeProvider(provider: ProviderResult): string {
  const said = provider.error ?? (provider.status === 'skipped' ? provider.warnings[0] : undefined)
  const sum = sumUp(provider)
  if (said === undefined) return sum
  return plain(sum === NOTHING ? said : `${sum}; ${said}`)
}

const NOTHING = 'nothing'

function sumUp(counters: SyncCounters): string {
  const told = WORDS.filter(([counter]) => counters[counter] > 0).map(
    ([counter, word]) => `${counters[counter]} ${word}`,
  )
  return told.length === 0 ? NOTHING : told.join(', ')
}

function seconds(ms: number): string {
  return `${(ms / 1000).toFixed(1)} s`
}
