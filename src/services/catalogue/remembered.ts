/** Remembered: what was found for one version of the catalogue, kept until there is another. */

export class Remembered<T> {
  private kept: { version: string; found: Promise<T> } | null = null

  /** Callers of one version share a search. @throws what `find` throws; then nothing is kept */
  get(version: string, find: () => Promise<T>): Promise<T> {
    if (this.kept?.version === version) return this.kept.found
    const kept = { version, found: find() }
    this.kept = kept
    kept.found.catch(() => {
      if (this.kept === kept) this.kept = null
    })
    return kept.found
  }
}
