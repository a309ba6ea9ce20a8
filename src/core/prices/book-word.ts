/** BookWord: what a price book says of one seller's offer. Pure. */
import type { ModelFields } from '../model/model-fields.js'
import type { Facts } from './facts.js'

export type BookName = 'genai-prices' | 'litellm' | 'models-dev'

export interface BookWord {
  book: BookName
  /** ISO date: as old as its data may be; `null` = it does not say. */
  date: string | null
  facts: Facts
  deprecationDate?: ModelFields['deprecationDate']
}

/** Where a filled value comes from, in a model's provenance. Throws nothing. */
export function bookProvenance(book: BookName): string {
  return book === 'genai-prices' ? 'price-book' : `price-book:${book}`
}
