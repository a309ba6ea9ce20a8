/** ListFormat: how the available models become one text, of which the piece of each model is made by itself. */
import type { ModelRecord } from './model-record.js'

export interface ListFormat {
  /** With its charset. */
  readonly mediaType: string
  /** Where the models are named, in the order of the text: most have one such part. */
  readonly parts: readonly { readonly begin: string; readonly separator: string }[]
  readonly end: string
  /** The whole text where there is nothing to list; unset: the parts are empty. */
  readonly empty?: string
  /** A piece for each part, where `''` adds nothing; `null`: this model is not listed. Throws nothing. @param id under which clients call it */
  pieces(model: ModelRecord, id: string): readonly string[] | null
}

/** The text, a piece at a time. @param entries the pieces of each model, in order */
export function* listText(
  { parts, end, empty }: ListFormat,
  entries: readonly (readonly string[])[],
): Generator<string, void> {
  if (entries.length === 0 && empty !== undefined) {
    yield empty
    return
  }
  for (const [index, { begin, separator }] of parts.entries()) {
    yield begin
    let first = true
    for (const pieces of entries) {
      const piece = pieces[index]
      if (piece === undefined || piece === '') continue
      yield first ? piece : separator + piece
      first = false
    }
  }
  yield end
}
