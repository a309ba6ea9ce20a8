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
  shape: JsonShape
  /** Bytes that the value takes on the heap, about. */
  heapBytes: number
}

/** Bytes on the heap of an object, a list or a member, about, beside its text. */
const BYTES_PER_VALUE = 40

/** How much the body will become. @throws FetchProblem when it is empty, and of kind 'limit' when it would become too much */
export async function measureJson(
  body: HttpBody,
  request: string,
  limits: Pick<AnswerLimits, 'maxValues'>,
): Promise<JsonShape> {
  if (body.bytes === 0) throw malformed({ request, found: 'empty', blank: false })
  const shape = await body.shape(limits.maxValues)
  refuseTooMuch(shape, request, limits)
  return shape
}

/**
 * The parsed body, which is let go on the way.
 * @param onText gets its text, once that has been parsed, with `null` for what is no JSON
 * @param measured its shape, where that is known
 * @throws FetchProblem 'malformed' when it is empty, HTML, cut off or otherwise no JSON; never with a piece of the body, which may hold a key;
 * 'limit' when it would become too much
 */
export async function parseJson(
  body: HttpBody,
  request: string,
  limits: Pick<AnswerLimits, 'maxValues'>,
  onText?: OnText,
  measured?: JsonShape,
): Promise<ParsedBody> {
  const shape = measured ?? (await measureJson(body, request, limits))
  const text = await body.text()
  try {
    const parsed = shape.hasWords
      ? await parseLongLenientJson(text)
      : { value: JSON.parse(text) as unknown, text, replaced: 0 }
    onText?.(parsed.text, parsed.replaced)
    return { value: parsed.value, shape, heapBytes: heapBytesOf(body, shape) }
  } catch (error) {
    throw malformed({ request, ...whatItIs(text, error) })
  }
}

/** About, of what it becomes. */
export function heapBytesOf(body: HttpBody, { values }: JsonShape): number {
  return body.bytes + values * BYTES_PER_VALUE
}

/** Parsing cannot be stopped half-way, and what comes of it takes many times its bytes. */
function refuseTooMuch(
  { values, longest }: JsonShape,
  request: string,
  { maxValues }: Pick<AnswerLimits, 'maxValues'>,
): void {
  if (values > maxValues) throw new FetchProblem({ code: 'too-many-values', facts: { request, most: maxValues } })
  if (longest > MAX_RAW_ENTRY_BYTES)
    throw new FetchProblem({ code: 'entry-too-large', facts: { request, maxBytes: MAX_RAW_ENTRY_BYTES } })
}

type NoJson =
  | { found: 'empty'; blank: true }
  | { found: 'html' }
  | { found: 'truncated'; characters: number }
  | { found: 'other'; position: number | null; characters: number }

function whatItIs(text: string, error: unknown): NoJson {
  if (text.trim() === '') return { found: 'empty', blank: true }
  if (/^\s*</.test(text)) return { found: 'html' }
  // The parser says in words alone where it stopped, and has no code.
  const said = error instanceof Error ? error.message : ''
  const at = /at position (\d+)/.exec(said)?.[1]
  const position = at === undefined ? null : Number(at)
  const characters = text.length
  const cutOff = /end of JSON input|Unterminated/.test(said) || (position !== null && position >= characters)
  return cutOff ? { found: 'truncated', characters } : { found: 'other', position, characters }
}
