/** `model-sync list`: the catalogue. */
import type { ModelRecord } from '../../core/model/model-record.js'
import { defineCommand } from '../line/command.js'
import { limitOption, readLimit } from '../line/limit.js'
import { eachModel, FILTER_OPTIONS, modelFilter, SORT_OPTION } from '../line/model-filters.js'
import type { Output } from '../output/output.js'
import { count, plain } from '../output/plain.js'
import { perMillion } from '../output/plan-diff.js'
import { layOut, type Column } from '../output/table.js'
import { EXIT } from '../line/usage-error.js'

// Of a row at a time the widths would not be known, and of a large catalogue nobody waits for the last page.
const ROWS_AT_ONCE = 500

export const list = defineCommand({
  name: 'list',
  summary: 'list the models of the catalogue',
  options: {
    ...FILTER_OPTIONS,
    'canonical-name': {
      type: 'string',
      value: 'NAME',
      description: 'the offers of this model by all providers, the cheapest first',
    },
    ...SORT_OPTION,
    ...limitOption('all'),
  },
  notes: ['Prices are USD per 1M tokens here, and USD per token in JSON; "–" is not known.'],
  examples: [
    'model-sync list --search "claude sonnet" --availability available',
    'model-sync list --mode chat --sort inputCostPerToken --limit 20',
    'model-sync list --json | jq -r ".models[].id"',
  ],
  run: async ({ values, output, signal, json, backend }) => {
    const limit = readLimit(values.limit, Infinity, 'list')
    let total = 0
    const { sort, 'canonical-name': canonicalName } = values
    const query = {
      ...modelFilter(values),
      sort,
      canonicalName,
    }
    const models = eachModel(await backend(), query, { limit, signal, onTotal: (number) => void (total = number) })
    if (json) await output.jsonList('models', models, () => ({ total }))
    else await printTable(models, output, () => total)
    return EXIT.ok
  },
})

async function printTable(models: AsyncIterable<ModelRecord>, output: Output, total: () => number): Promise<void> {
  let rows: ModelRecord[] = []
  let shown = 0
  const flush = async (): Promise<void> => {
    const [titles = '', ...lines] = layOut(rows, columnsOf(output))
    for (const line of shown === 0 ? [output.paint('bold', titles), ...lines] : lines) await output.line(line)
    shown += rows.length
    rows = []
  }
  for await (const model of models) {
    rows.push(model)
    if (rows.length === ROWS_AT_ONCE) await flush()
    if (output.closed) return
  }
  if (rows.length > 0) await flush()
  await output.line(shown === 0 ? 'No models.' : `${shown} of ${count(total(), 'model')}.`)
}

function columnsOf(output: Output): Column<ModelRecord>[] {
  return [
    { title: 'ID', cell: ({ id }) => plain(id) },
    { title: 'MODE', cell: ({ mode }) => mode ?? '–' },
    { title: 'CONTEXT', cell: ({ contextLength }) => String(contextLength ?? '–'), right: true },
    { title: 'IN', cell: ({ inputCostPerToken }) => priceOf(inputCostPerToken), right: true },
    { title: 'OUT', cell: ({ outputCostPerToken }) => priceOf(outputCostPerToken), right: true },
    { title: 'STATE', cell: (model) => stateOf(model, output) },
  ]
}

function priceOf(perToken: string | null): string {
  return perToken === null ? '–' : `$${perMillion(perToken)}`
}

function stateOf({ availability, unavailableReason, hidden, stale }: ModelRecord, output: Output): string {
  const notes = [unavailableReason, hidden ? 'hidden' : null, stale ? 'stale' : null].filter((note) => note !== null)
  const state = notes.length === 0 ? availability : `${availability} (${notes.join(', ')})`
  return output.paint(availability === 'available' ? 'green' : 'red', state)
}
