/** Rows as JSON lists, each of them small enough for one statement. */
import { pauses } from '../pauses.js'
import { JsonValue } from './connection/json-value.js'
import { JsonList } from './json-list.js'

export type { JsonValue }

// Usual rows are a KiB: 22,000 at once are one text, its bytes and what the client makes of them, 60 MB and more, and nobody else has a turn meanwhile.
const MOST_ROWS = 2_000
/** A row with a description of 16 KiB, or a thousand names, is no usual one. */
const MOST_BYTES = 2 * 1024 * 1024

/**
 * Takes the rows one by one, so that they need not all be there at once, and lets others have their turn. No rows, no list.
 * Each list is good until the next one is asked for.
 */
export async function* jsonBatches(rows: Iterable<object>): AsyncGenerator<JsonValue> {
  const rest = pauses()
  const list = new JsonList()
  for (const row of rows) {
    const pause = rest()
    if (pause !== undefined) await pause
    list.add(JSON.stringify(row))
    if (list.length < MOST_ROWS && list.byteLength < MOST_BYTES) continue
    yield new JsonValue(list.json())
    list.clear()
  }
  if (list.length > 0) yield new JsonValue(list.json())
}
