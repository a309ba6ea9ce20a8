/** precedence: which of several models that have a name comes first. Pure. */
import type { ResolvableModel } from './resolvable-model.js'

/** The provider that is listed first, then the newest, then the lowest id. */
export function precedence(order: readonly string[]): (a: ResolvableModel, b: ResolvableModel) => number {
  const ranks = new Map(order.map((slug, index) => [slug, index]))
  const rank = ({ provider }: ResolvableModel): number => ranks.get(provider) ?? order.length
  return (a, b) =>
    rank(a) - rank(b) ||
    (rank(a) === order.length ? compare(a.provider, b.provider) : 0) ||
    // Unknown is older than any.
    compare(b.createdAt ?? '', a.createdAt ?? '') ||
    compare(a.id, b.id)
}

function compare(a: string, b: string): number {
  if (a === b) return 0
  return a < b ? -1 : 1
}
