/** DayStats: a day of the catalogue in numbers of models. */
import { Type, type Static } from 'typebox'

export const DaySchema = Type.Object({
  day: Type.String({ description: 'ISO date, UTC' }),
  added: Type.Integer(),
  updated: Type.Integer(),
  unavailable: Type.Integer(),
  restored: Type.Integer(),
  available: Type.Record(Type.String(), Type.Integer(), {
    additionalProperties: false,
    description: 'by provider, at the end of the day',
  }),
})
export type DayStats = Static<typeof DaySchema>
