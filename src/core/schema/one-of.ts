/** OneOf: a text that is one of a few words. */
import { Type, type TUnsafe } from 'typebox'

export function OneOf<const Word extends string>(
  words: readonly Word[],
  options: { description?: string } = {},
): TUnsafe<Word> {
  return Type.Unsafe<Word>({ type: 'string', enum: words, ...options })
}
