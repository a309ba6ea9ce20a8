/** How DigitalOcean pages: by the address of the next page, or by its number. */
import { countOf, membersOf, textOf } from '../../kit/entry.js'
import type { NextPage } from '../../kit/source.js'

/** Throws nothing. @param page counts from 1 */
export function linkedPage(body: unknown, page: number): NextPage | null {
  const { links, meta } = membersOf(body)
  const url = textOf(membersOf(membersOf(links)['pages'])['next'])
  if (url !== null) return { url }
  const pages = countOf(membersOf(meta)['pages']) ?? 0
  return page < pages ? { query: { page: String(page + 1) } } : null
}
