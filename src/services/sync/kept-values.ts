/** KeptValues: the rows' values that a plan is made from. Those of a large plan are packed, as the entries of a large answer are. */
import type { CurrentValues } from '../../core/plan/deferred-change.js'
import type { Deferred } from '../../core/plan/deferred.js'
import { pauses } from '../../pauses.js'
import { KeptEntries, KeptEntry } from './kept-entries.js'

/** Characters of texts and members of lists, about, up to which values stay as they are. */
const MOST_PLAIN = 16 * 1024 * 1024
/** What a member of a list takes that is no text. */
const MEMBER = 100

export class KeptValues {
  private readonly rows = new Map<number, CurrentValues | KeptEntry<CurrentValues>>()
  private readonly kept = new KeptEntries()
  private plain = 0

  /** @param packed whether to pack them from the first one on */
  constructor(private packed: boolean) {}

  get(id: number): CurrentValues | undefined {
    const row = this.rows.get(id)
    return row instanceof KeptEntry ? row.read() : row
  }

  /** As they are kept; `null`: they were not read. */
  place(id: number): CurrentValues | Deferred<CurrentValues> | null {
    return this.rows.get(id) ?? null
  }

  /** @param ids of the rows, in the order in which they will be wanted */
  async add(ids: readonly number[], values: ReadonlyMap<number, CurrentValues>): Promise<void> {
    if (this.packed) return this.pack(ids, values)
    for (const [id, value] of values) {
      this.rows.set(id, value)
      this.plain += sizeOf(value)
    }
    this.packed = this.plain > MOST_PLAIN
  }

  private async pack(ids: readonly number[], values: ReadonlyMap<number, CurrentValues>): Promise<void> {
    await this.kept.packAll()
    const rest = pauses()
    for (const id of ids) {
      const pause = rest()
      if (pause !== undefined) await pause
      const value = values.get(id)
      if (value === undefined) continue
      const entry = new KeptEntry<CurrentValues>(value)
      this.rows.set(id, entry)
      const packing = this.kept.keep(entry, JSON.stringify(value))
      if (packing !== undefined) await packing
    }
    await this.kept.endPage(0, true)
  }
}

function sizeOf({ upstream }: CurrentValues): number {
  let size = 0
  for (const value of Object.values(upstream))
    if (typeof value === 'string') size += value.length
    else if (Array.isArray(value))
      for (const member of value) size += typeof member === 'string' ? member.length : MEMBER
  return size
}
