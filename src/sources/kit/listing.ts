/** Where the entries of an answer are, and what is said when they are not there. */
import type { Shape } from '../../core/records/problem.js'
import { failure } from '../../errors.js'
import { isRecord } from './entry.js'

/**
 * A listing's `entries` for answers that hold their list at one of these places, the first that has one: `'data'`, `'output.models'`, `''` for a
 * bare list.
 * @returns a function that throws MalformedAnswerError for any other body, and for an error object that came with status 200
 */
export function entriesIn(...places: string[]): (body: unknown) => readonly unknown[] {
  return (body) => {
    const list = isRefusal(body) ? undefined : findList(body, places)
    if (list === undefined) throw malformed(body, places)
    return list
  }
}

/** As {@link entriesIn}, for an upstream that leaves the member out on an empty last page. The rest of the body must be of its shape. */
export function entriesWhereGiven(place: string): (body: unknown) => readonly unknown[] {
  const entries = entriesIn(place)
  return (body) => (isRecord(body) && !isRefusal(body) && (body[place] ?? null) === null ? [] : entries(body))
}

function findList(body: unknown, places: readonly string[]): readonly unknown[] | undefined {
  for (const place of places) {
    let found: unknown = body
    for (const member of place === '' ? [] : place.split('.')) found = isRecord(found) ? found[member] : undefined
    if (Array.isArray(found)) return found
  }
  return undefined
}

// `error: null` and `success: true` stand in good answers.
function isRefusal(body: unknown): boolean {
  return isRecord(body) && ((body['error'] ?? null) !== null || body['success'] === false)
}

function malformed(body: unknown, list: readonly string[]): Error {
  return failure({ code: 'malformed-answer', facts: { found: 'shape', expected: { list, got: shapeOf(body) } } })
}

/** Only the names of members: an error's text may repeat the key. */
export function shapeOf(body: unknown): Shape {
  if (Array.isArray(body)) return { is: 'list', members: [] }
  if (!isRecord(body)) return { is: body === null ? 'null' : (typeof body as Shape['is']), members: [] }
  const first = Object.keys(body).slice(0, 5)
  return { is: 'object', members: first.map((member) => member.slice(0, 40)) }
}
