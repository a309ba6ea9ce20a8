/** A body as JSON, or in which way it is none. */
import { MAX_RAW_ENTRY_BYTES, type AnswerLimits } from './answer-limits.js'
import type { HttpBody } from './http-body.js'
import { parseLongLenientJson } from './lenient-json.js'
import { FetchProblem, malformed } from './fetch-problem.js'
import type { JsonShape } from './json-shape.js'

/** @param replaced how many values were NaN or Infinity */
export type OnText = (text: string, replaced: number) => void

export interface ParsedBody {
  value: unknown
  /** Levels of the whole. */
  deepest: number
  /** Bytes that the value takes on the heap, about. */
  heapBytes: number
}

/** Bytes on the heap of an object, a list or a member, about, beside its text. */
const BYTES_PER_VALUE = 40

/**
 * The parsed body, which is let go on the way.
 * @param onText gets its text, once that has been parsed, with `null` for what is no JSON
 * @throws FetchProblem 'malformed' when it is empty, HTML, cut off or otherwise no JSON; never with a piece of the body, which may hold a key;
 * 'limit' when it would become too much
 */
export async function parseJson(
  body: HttpBody,
  label: string,
  limits: Pick<AnswerLimits, 'maxValues'>,
  onText?: OnText,
): Promise<ParsedBody> {
  if (body.bytes === 0)
    throw new FetchProblem(malformed('empty'), `${label} answered 200 with an empty body; expected JSON`, {
      remedy: 'address',
    })
  const shape = await body.shape(limits.maxValues)
  refuseTooMuch(shape, label, limits)
  const text = await body.text()
  try {
    const parsed = shape.hasWords
      ? await parseLongLenientJson(text)
      : { value: JSON.parse(text) as unknown, text, replaced: 0 }
    onText?.(parsed.text, parsed.replaced)
    return { value: parsed.value, deepest: shape.deepest, heapBytes: body.bytes + shape.values * BYTES_PER_VALUE }
  } catch (error) {
    const { found, words } = whatItIs(text, error)
    throw new FetchProblem(malformed(found), `${label} answered ${words}`, {
      remedy: found === 'html' ? 'address' : null,
    })
  }
}

/** Parsing cannot be stopped half-way, and what comes of it takes many times its bytes. */
function refuseTooMuch(
  { values, longest }: JsonShape,
  label: string,
  { maxValues }: Pick<AnswerLimits, 'maxValues'>,
): void {
  if (values > maxValues)
    throw new FetchProblem(
      { code: 'too-many-values', facts: {} },
      `${label} has more than ${maxValues} objects, lists and commas`,
      { remedy: 'values' },
    )
  if (longest > MAX_RAW_ENTRY_BYTES)
    throw new FetchProblem(
      { code: 'entry-too-large', facts: {} },
      `${label} has an entry or a text over ${MAX_RAW_ENTRY_BYTES / 1024 ** 2} MiB`,
    )
}

function whatItIs(text: string, error: unknown): { found: 'empty' | 'html' | 'truncated' | 'other'; words: string } {
  if (text.trim() === '') return { found: 'empty', words: '200 with a blank body; expected JSON' }
  if (/^\s*</.test(text)) return { found: 'html', words: 'HTML instead of JSON' }
  // The parser says in words alone where it stopped.
  const said = error instanceof Error ? error.message : ''
  const position = /at position (\d+)/.exec(said)?.[1]
  const cutOff =
    /end of JSON input|Unterminated/.test(said) || (position !== undefined && Number(position) >= text.length)
  if (cutOff)
    return {
      found: 'truncated',
      words: `truncated JSON: it ends after ${text.length} characters, before it is complete`,
    }
  const where = position === undefined ? '' : ` (at character ${position} of ${text.length})`
  return { found: 'other', words: `something other than JSON${where}` }
}
