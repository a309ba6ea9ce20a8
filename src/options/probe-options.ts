/** Smallest requests to models, to see whether they answer. */
import { Type } from 'typebox'
import { option } from './define-option.js'

export const probeOptions = {
  probe: option(
    'MODEL_SYNC_PROBE',
    Type.Boolean({
      default: false,
      description: 'let administrators send the smallest chat request to a model, which costs what its tokens cost',
    }),
  ),
  probeBudget: option(
    'MODEL_SYNC_PROBE_BUDGET',
    Type.Integer({
      minimum: 1,
      maximum: 1_000_000,
      default: 50,
      description: 'probes a day (UTC), of all replicas together',
    }),
  ),
  probeNew: option(
    'MODEL_SYNC_PROBE_NEW',
    Type.Boolean({ default: false, description: 'probe the models that a sync added, after it and within the budget' }),
  ),
}
