/** PricesAt, PricePeriod and Cost: prices over time, and what a request costs. */
import { Type, type Static } from 'typebox'
import { ModelFieldsSchema, OtherPriceSchema } from '../model/model-fields.js'
import { Nullable } from '../schema/nullable.js'

const { inputCostPerToken, outputCostPerToken, cacheReadCostPerToken, cacheWriteCostPerToken, otherPrices } =
  ModelFieldsSchema.properties
/** What holds at one time; `null` = unknown. */
const PriceSheetSchema = Type.Object({
  inputCostPerToken,
  outputCostPerToken,
  cacheReadCostPerToken,
  cacheWriteCostPerToken,
  otherPrices,
})
export type PriceSheet = Static<typeof PriceSheetSchema>

/** Of one price: from when to when. `kind`: `input`, `output`, `cache_read`, `cache_write`, one of these at some hours (`input@1,2,3,4,5 16:30-00:30 UTC`), or one of the model's other prices. */
const PricePeriodSchema = Type.Object({
  ...OtherPriceSchema.properties,
  validFrom: Type.String(),
  validTo: Nullable(Type.String({ description: 'null: still' })),
})
export type PricePeriod = Static<typeof PricePeriodSchema>

const PricesAtSchema = Type.Object({
  model: Type.String(),
  at: Type.String(),
  ...PriceSheetSchema.properties,
  /** Whose prices stand above where one holds at that time. */
  priceWindows: ModelFieldsSchema.properties.priceWindows,
  /** As in a model's `provenance`. */
  filledFrom: Nullable(Type.String({ description: 'the price book whose prices these are; null: they are on record' })),
})
/** The prices that reads of the model gave at a time; unknown also before the catalogue knew the model. */
export type PricesAt = Static<typeof PricesAtSchema>

export const PricesSchema = Type.Object({
  ...PricesAtSchema.properties,
  history: Type.Array(PricePeriodSchema, { description: 'each price that the model ever had, the newest first' }),
})

const CostPartSchema = Type.Object({
  kind: Type.Unsafe<'input' | 'output' | 'cache_read'>(Type.String({ description: 'input, cache_read, output' })),
  tokens: Type.Integer(),
  price: Type.String({ description: 'USD per token, decimal' }),
  /** The kind of the price that upstream states for prompts of this length (`input_above_200k`). */
  tier: Nullable(Type.String({ description: 'which of the other prices it is; null: the model’s own' })),
  cost: Type.String({ description: 'USD, decimal' }),
})
export type CostPart = Static<typeof CostPartSchema>

export const CostSchema = Type.Object({
  model: Type.String(),
  at: Type.String(),
  currency: Type.Unsafe<'USD'>(Type.String()),
  total: Type.String({ description: 'USD, decimal' }),
  parts: Type.Array(CostPartSchema),
})
export type Cost = Static<typeof CostSchema>
