/** The models that were read so far, found by their place in the list. */
import type { Model } from '../../client/contract.js'

interface Page {
  models: readonly Model[]
}

/** Nothing is copied: with tens of thousands of models, a new list for each page that comes would cost a frame. */
export class LoadedModels {
  /** How many were read. */
  readonly count: number
  // Where each page begins in the list.
  private readonly starts: readonly number[]

  constructor(private readonly pages: readonly Page[]) {
    let count = 0
    this.starts = pages.map(({ models }) => (count += models.length) - models.length)
    this.count = count
  }

  /** @returns `undefined` = not read yet */
  at(index: number): Model | undefined {
    const page = this.starts.findLastIndex((start) => start <= index)
    return this.pages[page]?.models[index - (this.starts[page] ?? 0)]
  }
}
