/** A plan as a coloured diff. */
import { Big } from '../../core/model/big.js'
import type { ModelFields } from '../../core/model/model-fields.js'
import type { PlanDocument, ProviderPlanDocument } from '../../core/plan/plan-document.js'
import type { Output } from './output.js'
import { count, plain, shortValue } from './plain.js'

type Changes = Record<string, { from: unknown; to: unknown }>

/** Each change in a line or two; what does not change is only counted. */
export function describePlan({ providers }: PlanDocument, output: Output): string[] {
  const { paint } = { paint: output.paint.bind(output) }
  const parts = providers.map((provider) => {
    const lines = [
      ...provider.added.map(({ modelId, fields }) => paint('green', `  + ${plain(modelId)}  ${introduce(fields)}`)),
      ...provider.restored.flatMap(({ modelId, fields }) => [
        paint('green', `  + ${plain(modelId)}  available again`),
        ...fieldLines(fields, output),
      ]),
      ...provider.renamed.map(({ modelId, from }) => paint('cyan', `  > ${plain(from)} → ${plain(modelId)}`)),
      ...provider.updated.flatMap(({ modelId, fields }) => [
        paint('yellow', `  ~ ${plain(modelId)}`),
        ...fieldLines(fields, output),
      ]),
      ...provider.unavailable.map(({ modelId, reason }) =>
        paint('red', `  - ${plain(modelId)}  unavailable: ${reason}`),
      ),
      ...provider.held.map((held) =>
        paint('magenta', `  ! ${plain(held.modelId)}  held (${held.reason}): ${describeHeld(held)}`),
      ),
      ...provider.rejected.map(({ modelId, reason }) =>
        paint('gray', `  # ${plain(modelId ?? 'an entry')}  rejected: ${plain(reason)}`),
      ),
      ...provider.impact.map(({ label, count: number, modelId }) =>
        paint('red', `  ⚠ ${number} ${plain(label)} on ${plain(modelId ?? 'these models')}`),
      ),
    ]
    return lines.length === 0 ? [] : [paint('bold', provider.provider), ...lines, '']
  })
  return [...parts.flat(), sumUp(providers)]
}

/** Whether carrying it out would change anything, held changes included. */
export function hasChanges({ providers }: PlanDocument): boolean {
  return providers.some(({ added, updated, unavailable, restored, renamed, held }) =>
    [added, updated, unavailable, restored, renamed, held].some((list) => list.length > 0),
  )
}

function sumUp(providers: readonly ProviderPlanDocument[]): string {
  const sum = (of: (provider: ProviderPlanDocument) => number): number =>
    providers.reduce((total, provider) => total + of(provider), 0)
  const parts: [number, string][] = [
    [sum(({ added }) => added.length), 'to add'],
    [sum(({ updated }) => updated.length), 'to change'],
    [sum(({ renamed }) => renamed.length), 'to rename'],
    [sum(({ restored }) => restored.length), 'to restore'],
    [sum(({ unavailable }) => unavailable.length), 'to become unavailable'],
    [sum(({ held }) => held.length), 'held'],
    [sum(({ rejected }) => rejected.length), 'rejected'],
  ]
  const told = parts.filter(([number]) => number > 0).map(([number, words]) => `${number} ${words}`)
  const unchanged = `${sum((provider) => provider.unchanged)} unchanged`
  return `Plan: ${told.length === 0 ? 'nothing to do' : told.join(', ')}; ${unchanged}, of ${count(providers.length, 'provider')}.`
}

function introduce({ name, mode, contextLength, inputCostPerToken, outputCostPerToken }: ModelFields): string {
  const prices = [inputCostPerToken, outputCostPerToken].map((price) =>
    price === null ? '?' : `$${perMillion(price)}`,
  )
  return [
    shortValue(name),
    mode ?? 'mode unknown',
    ...(contextLength === null ? [] : [`${contextLength} tokens`]),
    `${prices.join(' in, ')} out per 1M`,
  ].join(', ')
}

function fieldLines(fields: Changes, output: Output): string[] {
  return Object.entries(fields).map(([field, { from, to }]) => {
    const [before, after] = [showField(field, from), showField(field, to)]
    return `      ${field}: ${output.paint('red', before)} → ${output.paint('green', after)}`
  })
}

function describeHeld({ kind, field, from, to }: ProviderPlanDocument['held'][number]): string {
  if (field === undefined) return kind === 'unavailable' ? 'it would become unavailable' : kind
  return `${field} ${showField(field, from)} → ${showField(field, to)}`
}

function showField(field: string, value: unknown): string {
  const isPrice = field.endsWith('CostPerToken') && typeof value === 'string'
  return isPrice ? `${value} ($${perMillion(value)} per 1M)` : shortValue(value)
}

/** USD per million tokens, exact: `"0.00000125"` is `"1.25"`. */
export function perMillion(perToken: string): string {
  return new Big(perToken).times(1_000_000).toFixed()
}
