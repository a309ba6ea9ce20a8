/** The fields of a reading, and of a model as the catalogue has it, one beside the other. */
import { cleanFields } from '../../../src/core/model/clean-fields.js'
import type { DesiredFields, OtherPrice } from '../../../src/core/model/model-fields.js'
import type { Reading } from './reading.js'

/** Field by field as text; what is not stated has no field. */
export type Stated = Record<string, string>

export const PRICES = /^(?:input|output|cacheRead|cacheWrite|price of .+)$/

export function statedIn({ capabilities, others, id, ...reading }: Reading): Stated {
  return texts({ ...reading, name: reading.name === id ? null : reading.name }, capabilities, others)
}

export function statedByUs(id: string, fields: DesiredFields): Stated {
  const clean = cleanFields(fields).fields
  const { capabilities = {}, otherPrices = [], name, inputCostPerToken, outputCostPerToken, ...rest } = clean
  const { cacheReadCostPerToken, cacheWriteCostPerToken, deployments: _, ...plain } = rest
  const four = { input: inputCostPerToken, output: outputCostPerToken }
  const cache = { cacheRead: cacheReadCostPerToken, cacheWrite: cacheWriteCostPerToken }
  const others = Object.fromEntries(
    (otherPrices as OtherPrice[]).map(({ kind, unit, price }) => [`${kind} per ${unit}`, price]),
  )
  return texts({ ...plain, ...four, ...cache, name: name === id ? null : name }, capabilities, others)
}

function texts(plain: object, capabilities: object, others: Record<string, string>): Stated {
  return Object.fromEntries([
    ...Object.entries(plain).flatMap(([field, value]) => {
      const text = Array.isArray(value) ? [...(value as string[])].sort().join(', ') : value
      return (text ?? '') === '' ? [] : [[field, String(text)]]
    }),
    ...Object.entries(capabilities).flatMap(([can, said]) => (said === null ? [] : [[can, String(said)]])),
    ...Object.entries(others).map(([kind, price]) => [`price of ${kind}`, price]),
  ]) as Stated
}

/** `field: the reader's value ≠ ours`, of every field that either states. */
export function differences(expected: Stated, found: Stated): string[] {
  const fields = [...new Set([...Object.keys(expected), ...Object.keys(found)])]
  return fields
    .filter((field) => expected[field] !== found[field])
    .map((field) => `${field}: ${expected[field] ?? 'unknown'} ≠ ${found[field] ?? 'unknown'}`)
}
