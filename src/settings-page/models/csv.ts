/** Models as CSV. */
import { csvCell, csvRow } from '../../client/csv-row.js'
import type { Model } from '../../client/contract.js'

const COLUMNS = [
  'id',
  'provider',
  'providerModelId',
  'name',
  'ownedBy',
  'mode',
  'contextLength',
  'maxOutputTokens',
  'inputCostPerToken',
  'outputCostPerToken',
  'cacheReadCostPerToken',
  'cacheWriteCostPerToken',
  'inputModalities',
  'outputModalities',
  'availability',
  'unavailableReason',
  'unavailableSince',
  'origin',
  'aliases',
  'deprecationDate',
  'firstSeenAt',
  'lastSeenAt',
  'updatedAt',
] as const satisfies (keyof Model)[]

/** A column for each field and each capability; an empty cell is unknown. */
export function csvOf(models: readonly Model[]): string {
  const capabilities = Object.keys(models[0]?.capabilities ?? {})
  const rows = models.map((model) => [
    ...COLUMNS.map((column) => csvCell(model[column])),
    ...Object.values(model.capabilities).map(csvCell),
  ])
  return [[...COLUMNS, ...capabilities], ...rows].map(csvRow).join('')
}
