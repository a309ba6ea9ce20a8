/** Smallest requests to models, to see whether they answer. */
import { Type } from 'typebox'
import { option } from './define-option.js'

export const probeOptions = {
  probe: option(
    'MODEL_SYNC_PROBE',
    Type.Boolean({
      default: false,
      description: 'let administrators send the smallest chat request to a model, which costs a few tokens',
    }),
  ),
  probeBudget: option(
    'MODEL_SYNC_PROBE_BUDGET',
    Type.Integer({
      minimum: 1,
      maximum: 1_000_000,
      default: 50,
      description: 'largest number of probes a day (UTC), across all replicas',
    }),
  ),
  probeNew: option(
    'MODEL_SYNC_PROBE_NEW',
    Type.Boolean({
      default: false,
      description: 'probe the models that a sync added, after the sync and within the budget',
    }),
  ),
}
