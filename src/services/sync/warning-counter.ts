/** Counts the warnings of one answer, so that a thousand of one kind are one line. */
import { digestText } from './entry-digest.js'

// The first ones tell the story, thousands would bury it.
const MOST_WARNINGS = 20
/** A quoted text, or a number. */
const FOUND = /"(?:[^"\\]|\\.)*"?|-?\b\d[\d.e+-]*/g

/** Warnings of one kind, of however many models, are one line. */
export class WarningCounter {
  private readonly seen = new Map<string, { first: string; warning: string; last: string; models: number }>()
  /** Digests of the kinds beyond those that are shown. */
  private readonly further = new Set<string>()

  /** @param warned gets the ids */
  constructor(private readonly warned: Set<string>) {}

  /** All warnings of a model come one after another. */
  add(providerModelId: string, warning: string): void {
    this.warned.add(providerModelId)
    // Warnings that differ in what was found alone are one.
    const kind = warning.replace(FOUND, '…')
    const known = this.seen.get(kind)
    if (known === undefined && this.seen.size === MOST_WARNINGS) this.further.add(digestText(kind))
    else if (known === undefined)
      this.seen.set(kind, { first: providerModelId, warning, last: providerModelId, models: 1 })
    else if (known.last !== providerModelId) {
      known.last = providerModelId
      known.models += 1
    }
  }

  lines(): string[] {
    const lines = [...this.seen.values()].map(
      ({ first, warning, models }) => `${first}${models > 1 ? ` and ${models - 1} more` : ''}: ${warning}`,
    )
    const left = this.further.size
    return left > 0 ? [...lines, `${left} further warnings are left out`] : lines
  }
}
