/** ModelFields: everything that a listing may say of a model. */
import { Type, type Static, type TString } from 'typebox'
import { Nullable, Text, Time } from '../schema/nullable.js'
import { PriceWindowSchema } from './price-window.js'
import { CAPABILITIES, FIELDS, type Capability, type FieldType, type Mode } from './model.js'

/** A price that is not one of the four token prices: per image, per second, per request, a tier, another currency. */
export const OtherPriceSchema = Type.Object({
  /** The kind of usage that is charged, in upstream's own word if it has one: `input_audio`, `output_image`, `input_above_200k`. */
  kind: Type.String(),
  /** `token`, `image`, `second`, `request`, `character`, … */
  unit: Type.String(),
  /** ISO 4217; never mixed with USD. */
  currency: Type.String(),
  /** Decimal. */
  price: Type.String(),
})
export type OtherPrice = Static<typeof OtherPriceSchema>

/** Only what the source said: an absent key is unknown, `false` is said. */
export type Capabilities = Partial<Record<Capability, boolean>>

const capabilities = Object.fromEntries(CAPABILITIES.map((capability) => [capability, Type.Optional(Type.Boolean())]))

const BY_TYPE = {
  text: Text,
  mode: Type.Unsafe<Mode | null>(Text),
  integer: Nullable(Type.Integer({ description: 'tokens' })),
  /** A whole number beyond any of tokens. */
  count: Nullable(Type.Integer()),
  flag: Nullable(Type.Boolean()),
  decimal: Nullable(Type.String({ description: 'USD per token, decimal' })),
  set: Type.Array(Type.String()),
  capabilities: Type.Unsafe<Capabilities>(Type.Object(capabilities)),
  prices: Type.Array(OtherPriceSchema),
  windows: Type.Array(PriceWindowSchema),
  timestamp: Nullable(Time),
  date: Nullable(Type.String({ description: 'ISO date' })),
} satisfies Record<FieldType, object>

type Properties = {
  -readonly [Field in keyof typeof FIELDS]: Field extends 'name' ? TString : (typeof BY_TYPE)[(typeof FIELDS)[Field]]
}

export const ModelFieldsSchema = Type.Object({
  ...(Object.fromEntries(
    Object.entries(FIELDS).map(([field, type]) => [field, BY_TYPE[type]]),
  ) as unknown as Properties),
  name: Type.String(),
  deployments: Nullable(Type.Integer()),
  rpm: Nullable(Type.Integer({ description: 'requests a minute' })),
  tpm: Nullable(Type.Integer({ description: 'tokens a minute' })),
  restricted: Nullable(Type.Boolean({ description: 'only its teams and access groups may call it' })),
})
/** `null` and `[]` = the listing did not say; a key left out of a desired model = it cannot speak of it. */
export type ModelFields = Static<typeof ModelFieldsSchema>

/** One model as a single listing describes it. Fields that this listing never covers are left out. */
export type DesiredFields = Partial<ModelFields>
