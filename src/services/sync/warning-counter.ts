/** Counts the warnings of one answer, so that a thousand of one kind are one line. */

// The first ones tell the story, thousands would bury it.
const MOST_WARNINGS = 20
/** A quoted text, or a number. */
const FOUND = /"(?:[^"\\]|\\.)*"?|-?\b\d[\d.e+-]*/g

/** Warnings of one kind, of however many models, are one line. */
export class WarningCounter {
  private readonly seen = new Map<string, { first: string; warning: string; models: Set<string> }>()

  /** @param warned gets the ids */
  constructor(private readonly warned: Set<string>) {}

  add(providerModelId: string, warning: string): void {
    this.warned.add(providerModelId)
    // Warnings that differ in what was found alone are one.
    const kind = warning.replace(FOUND, '…')
    const known = this.seen.get(kind)
    if (known === undefined)
      this.seen.set(kind, { first: providerModelId, warning, models: new Set([providerModelId]) })
    else known.models.add(providerModelId)
  }

  lines(): string[] {
    const lines = [...this.seen].map(
      ([, { first, warning, models }]) =>
        `${first}${models.size > 1 ? ` and ${models.size - 1} more` : ''}: ${warning}`,
    )
    const left = lines.length - MOST_WARNINGS
    return left > 0 ? [...lines.slice(0, MOST_WARNINGS), `${left} further warnings are left out`] : lines
  }
}
