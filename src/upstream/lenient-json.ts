/** JSON as Python writes it: with NaN and Infinity, which JSON does not have. */
import { pauses } from '../pauses.js'

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

// A look at the clock for each would take longer than they do.
const MATCHES_PER_LOOK = 1000

/** {@link parseLenientJson} of a long text with such words, which lets others have their turn while it looks for them. @throws SyntaxError */
export async function parseLongLenientJson(text: string): Promise<LenientJson> {
  const pieces: string[] = []
  let end = 0
  let matches = 0
  const rest = pauses()
  for (const match of text.matchAll(STRING_OR_WORD)) {
    if (++matches % MATCHES_PER_LOOK === 0) await rest()
    if (match[0].startsWith('"')) continue
    pieces.push(text.slice(end, match.index), 'null')
    end = match.index + match[0].length
  }
  const mended = pieces.length === 0 ? text : pieces.join('') + text.slice(end)
  return { value: JSON.parse(mended), text: mended, replaced: pieces.length / 2 }
}
