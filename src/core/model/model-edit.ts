/** ModelEdit and NewModel: what a person sets of a model, and a model that is added by hand. */
import { Type, type Static, type TOptional, type TUnsafe } from 'typebox'
import { Texts } from '../schema/texts.js'
import { OtherPriceSchema, type ModelFields } from './model-fields.js'
import { PriceWindowSchema } from './price-window.js'
import { CAPABILITIES, FIELDS, MODES, type Availability, type FieldName, type FieldType } from './model.js'

const SHAPES: Record<FieldType, object> = {
  text: { type: ['string', 'null'] },
  mode: { enum: [...MODES, null] },
  integer: { type: ['integer', 'null'], minimum: 0 },
  count: { type: ['integer', 'null'], minimum: 0, maximum: Number.MAX_SAFE_INTEGER },
  flag: { type: ['boolean', 'null'] },
  decimal: { type: ['string', 'null'], description: 'USD per token, decimal' },
  set: { type: 'array', items: { type: 'string' } },
  capabilities: {
    type: 'object',
    additionalProperties: false,
    properties: Object.fromEntries(CAPABILITIES.map((capability) => [capability, { type: 'boolean' }])),
  },
  prices: { type: 'array', items: { ...OtherPriceSchema, additionalProperties: false } },
  windows: { type: 'array', items: { ...PriceWindowSchema, additionalProperties: false } },
  timestamp: { type: ['string', 'null'] },
  date: { type: ['string', 'null'] },
}

const fields = Object.fromEntries(
  Object.entries(FIELDS).map(([field, type]) => [
    field,
    Type.Optional(Type.Unsafe(field === 'name' ? { type: 'string' } : SHAPES[type])),
  ]),
) as unknown as { [Field in FieldName]: TOptional<TUnsafe<ModelFields[Field]>> }

/** Each field that is given becomes a pin; `unpin` gives fields back to upstream. */
export const ModelEditSchema = Type.Object(
  {
    ...fields,
    hidden: Type.Optional(Type.Boolean()),
    availability: Type.Optional(
      Type.Unsafe<Availability>({
        enum: ['available', 'unavailable'],
        description: 'unavailable survives every sync; available takes that back',
      }),
    ),
    /** `availability` and `hidden` too. */
    unpin: Type.Optional(Texts({ description: 'fields to give back to upstream' })),
  },
  { additionalProperties: false, minProperties: 1 },
)
export type ModelEdit = Static<typeof ModelEditSchema>

export const NewModelSchema = Type.Object(
  { provider: Type.String(), providerModelId: Type.String(), ...fields },
  { additionalProperties: false },
)
export type NewModel = Static<typeof NewModelSchema>
