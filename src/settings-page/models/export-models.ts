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
  const models: Model[] = []
  for await (const model of client.allModels(query, { signal })) {
    models.push(model)
    if (models.length % PAGE_SIZE === 0) onProgress(models.length)
  }
  const [text, type] =
    format === 'csv'
      ? [[CSV_HEADER, ...models.map(modelCsvRow)].join(''), 'text/csv;charset=utf-8']
      : [JSON.stringify(models, null, 2), 'application/json']
  save(new Blob([text], { type }), `models-${new Date().toISOString().slice(0, 10)}.${format}`)
}

function save(file: Blob, name: string): void {
  const link = document.createElement('a')
  link.href = URL.createObjectURL(file)
  link.download = name
  link.click()
  // Not at once: the browser reads it after the click.
  setTimeout(() => URL.revokeObjectURL(link.href), 10_000)
}
