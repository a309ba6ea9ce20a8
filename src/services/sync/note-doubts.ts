/** noteDoubts: what is hard to believe of a model, as its entries were read. */
import { findDoubts } from '../../core/model/doubt.js'
import type { DesiredFields } from '../../core/model/model-fields.js'
import type { Collected } from './collected.js'
import type { SecondOpinion } from './sync-context.js'
import type { WarningCounter } from './warning-counter.js'

/**
 * Warns of what no model has, each time that the entry is read; what price books say otherwise is noted, since only the plan knows what of it is new.
 * Throws nothing.
 * @param by.now ISO 8601; `null`: dates are believed
 */
export function noteDoubts(
  collected: Collected,
  providerModelId: string,
  fields: DesiredFields,
  { now, opinion, warnings }: { now: string | null; opinion: SecondOpinion | null; warnings: WarningCounter },
): void {
  for (const { field, value, expected } of findDoubts(fields, now))
    warnings.add(
      providerModelId,
      `${field}: ${value} is hard to believe, expected ${expected}; kept, and marked as doubtful`,
    )
  const doubts = opinion?.(providerModelId, fields) ?? []
  if (doubts.length > 0) collected.doubted.set(providerModelId, doubts)
}
