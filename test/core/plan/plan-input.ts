/** Inputs of the planner for tests, and its plans in short. */
import { completeFields } from '../../../src/core/model/field-changes.js'
import type { DesiredFields } from '../../../src/core/model/model-fields.js'
import type { CurrentModel, Desired, Plan, PlanInput } from '../../../src/core/plan/plan.js'

export const TODAY = '2026-06-15'
let lastId = 0

export function current(
  providerModelId: string,
  fields: DesiredFields = {},
  over: Partial<CurrentModel> = {},
): CurrentModel {
  const upstream = completeFields(providerModelId, fields)
  return {
    id: ++lastId,
    providerModelId,
    origin: 'synced',
    listedReason: null,
    misses: 0,
    deprecationDate: upstream.deprecationDate,
    wasLocal: false,
    undone: null,
    values: { upstream, pins: {} },
    ...over,
  }
}

export function inputOf(
  models: readonly CurrentModel[],
  desired: Record<string, Desired> | Map<string, Desired>,
  over: Partial<PlanInput> = {},
): PlanInput {
  return {
    current: new Map(models.map((model) => [model.providerModelId, model])),
    desired: desired instanceof Map ? desired : new Map(Object.entries(desired)),
    mentioned: new Set(),
    excluded: () => false,
    policy: 'sync',
    missesBeforeUnavailable: 1,
    today: TODAY,
    ...over,
  }
}

/** The plan in short: `added a`, `updated b contextLength`, … */
export function spell(plan: Plan): string[] {
  return [
    ...plan.added.map(
      ({ providerModelId, unavailableReason }) =>
        `added ${providerModelId}${unavailableReason === null ? '' : ` ${unavailableReason}`}`,
    ),
    ...plan.updated.map(
      ({ providerModelId, changes }) => `updated ${providerModelId} ${Object.keys(changes).sort().join(' ')}`,
    ),
    ...plan.unavailable.map(({ providerModelId, reason }) => `unavailable ${providerModelId} ${reason}`),
    ...plan.restored.map(
      ({ providerModelId, changes, from }) =>
        `restored ${[providerModelId, from, ...Object.keys(changes).sort()].join(' ')}`,
    ),
    ...plan.renamed.map(({ from, providerModelId }) => `renamed ${from} ${providerModelId}`),
    ...(plan.unchanged === 0 ? [] : [`unchanged ${plan.unchanged}`]),
  ].sort()
}
