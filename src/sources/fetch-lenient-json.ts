/** JSON as Python writes it: with NaN and Infinity, which JSON does not have. */

/** A whole string, or one of the three words where a value can stand. */
const STRING_OR_WORD = /"[^"\\]*(?:\\[^][^"\\]*)*"|(?<![\w$.+-])(?:NaN|-?Infinity)(?![\w$])/g

export interface LenientJson {
  value: unknown
  /** The text, with `null` in place of what is no JSON. */
  text: string
  /** How many values that were. */
  replaced: number
}

/**
 * Strict first: only a text that is no JSON is looked through.
 * @throws SyntaxError of JSON.parse over the text as it was given
 */
export function parseLenientJson(text: string): LenientJson {
  try {
    return { value: JSON.parse(text), text, replaced: 0 }
  } catch (error) {
    const { text: mended, replaced } = withoutNaN(text)
    if (replaced === 0) throw error
    try {
      return { value: JSON.parse(mended), text: mended, replaced }
    } catch {
      throw error
    }
  }
}

function withoutNaN(text: string): { text: string; replaced: number } {
  let replaced = 0
  const mended = text.replace(STRING_OR_WORD, (found) => {
    if (found.startsWith('"')) return found
    replaced++
    return 'null'
  })
  return { text: mended, replaced }
}
