/** Reads all pages of a query and hands them to the viewer as a file. */
import type { Model, ModelsQuery } from '../../client/contract.js'
import { CSV_HEADER, modelCsvRow } from '../../client/model-csv.js'
import { client } from '../api/client.js'
import { PAGE_SIZE } from './model-query.js'

export type ExportFormat = 'csv' | 'json'

/** @param onProgress told how many models have been read @throws ApiError; an AbortError when stopped */
export async function exportModels(
  query: ModelsQuery,
  format: ExportFormat,
  onProgress: (done: number) => void,
  signal: AbortSignal,
): Promise<void> {
  const { type, before, row, between, after } = FORMATS[format]
  // Written as it comes: all rows of a large catalogue at the end would freeze the page.
  const texts: string[] = []
  for await (const model of client.allModels(query, { signal }))
    if (texts.push(row(model)) % PAGE_SIZE === 0) onProgress(texts.length)
  const parts = texts.map((text, index) => (index === 0 ? text : between + text))
  save(new Blob([before, ...parts, after], { type }), `models-${new Date().toISOString().slice(0, 10)}.${format}`)
}

const FORMATS = {
  csv: { type: 'text/csv;charset=utf-8', before: CSV_HEADER, row: modelCsvRow, between: '', after: '' },
  json: {
    type: 'application/json',
    before: '[',
    row: (model: Model) => JSON.stringify([model], null, 2).slice(1, -2),
    between: ',',
    after: '\n]',
  },
} as const satisfies Record<ExportFormat, object>

function save(file: Blob, name: string): void {
  const link = document.createElement('a')
  link.href = URL.createObjectURL(file)
  link.download = name
  link.click()
  // Not at once: the browser reads it after the click.
  setTimeout(() => URL.revokeObjectURL(link.href), 10_000)
}
