/** Texts: a list of texts that nobody changes. */
import { Type, type TUnsafe } from 'typebox'

export function Texts(options: object = {}): TUnsafe<readonly string[]> {
  return Type.Unsafe<readonly string[]>({ type: 'array', items: { type: 'string' }, ...options })
}
