/** Nullable: a value that may be `null` = unknown; and the values that most shapes are made of. */
import { Type, type Static, type TSchema, type TUnsafe } from 'typebox'

/** Spelled so that the serializer needs no choice between two schemas. */
export function Nullable<Schema extends TSchema & { type?: string }>(schema: Schema): TUnsafe<Static<Schema> | null> {
  return Type.Unsafe({ ...schema, type: [schema.type, 'null'] })
}

export const Text = Nullable(Type.String())
export const Time = Type.String({ description: 'ISO 8601, UTC' })
/** JSON of which the answer says nothing; T: what is known of it here. */
export function Anything<T = unknown>(): TUnsafe<T> {
  return Type.Unsafe<T>({})
}
