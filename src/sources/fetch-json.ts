/** A body as JSON, or in which way it is none. */
import type { HttpBody } from './http-body.js'
import { parseLenientJson } from './fetch-lenient-json.js'
import { FetchProblem, type Remedy } from './fetch-problem.js'

/** @param replaced how many values were NaN or Infinity */
export type OnText = (text: string, replaced: number) => void

/**
 * The parsed body, which is let go on the way.
 * @param onText gets its text, once that has been parsed, with `null` for what is no JSON
 * @throws FetchProblem 'malformed' when it is empty, HTML, cut off or otherwise no JSON; never with a piece of the body, which may hold a key
 */
export async function parseJson(body: HttpBody, label: string, onText?: OnText): Promise<unknown> {
  if (body.bytes === 0) throw malformed(`${label} answered 200 with an empty body; expected JSON`, 'address')
  const text = await body.text()
  try {
    const parsed = parseLenientJson(text)
    onText?.(parsed.text, parsed.replaced)
    return parsed.value
  } catch (error) {
    const isPage = /^\s*</.test(text)
    throw malformed(`${label} answered ${whatItIs(text, error)}`, isPage ? 'address' : null)
  }
}

function whatItIs(text: string, error: unknown): string {
  if (text.trim() === '') return '200 with a blank body; expected JSON'
  if (/^\s*</.test(text)) return 'HTML instead of JSON'
  const said = error instanceof Error ? error.message : ''
  const position = /at position (\d+)/.exec(said)?.[1]
  const cutOff =
    /end of JSON input|Unterminated/.test(said) || (position !== undefined && Number(position) >= text.length)
  if (cutOff) return `truncated JSON: it ends after ${text.length} characters, before it is complete`
  return `something other than JSON${position === undefined ? '' : ` (at character ${position} of ${text.length})`}`
}

function malformed(message: string, remedy: Remedy | null): FetchProblem {
  return new FetchProblem('malformed', message, { remedy })
}
