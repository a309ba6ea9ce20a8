/** Facts: what can be filled in of a model where upstream does not say it. Pure. */
import { isKnown } from '../model/field-changes.js'
import type { ModelFields } from '../model/model-fields.js'

export const PRICE_FIELDS = [
  'inputCostPerToken',
  'outputCostPerToken',
  'cacheReadCostPerToken',
  'cacheWriteCostPerToken',
] as const

/** Facts of the model rather than of who serves it, as far as those who serve it agree. */
export const MODEL_FIELDS = [
  'mode',
  'contextLength',
  'maxOutputTokens',
  'inputModalities',
  'outputModalities',
  'capabilities',
] as const

export const FILLED_FIELDS = [...MODEL_FIELDS, ...PRICE_FIELDS] as const
export type FilledField = (typeof FILLED_FIELDS)[number]

/** Known values only: a field that is not there is unknown. Tokens; USD per token. */
export type Facts = Partial<Pick<ModelFields, FilledField | 'priceWindows'>>

/** The known ones among a model's fields. */
export function knownFacts(fields: { readonly [Field in FilledField]?: unknown }): Facts {
  return Object.fromEntries(
    FILLED_FIELDS.filter((field) => isKnown(fields[field])).map((field) => [field, fields[field]]),
  )
}
