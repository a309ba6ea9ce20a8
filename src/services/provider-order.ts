/** Which provider comes first where several have a model. */

/**
 * An operator's `priority` of a provider decides first, lower numbers before higher; where priorities are equal, as all are unless they are set, the
 * order in the options does.
 * @param priorities by slug
 * @param order slugs, as in the options
 */
export function orderProviders(priorities: ReadonlyMap<string, number>, order: readonly string[]): string[] {
  const ranks = new Map(order.map((slug, index) => [slug, index]))
  const rank = (slug: string): number => ranks.get(slug) ?? order.length
  return [...priorities]
    .sort(([a, first], [b, second]) => first - second || rank(a) - rank(b) || (a < b ? -1 : 1))
    .map(([slug]) => slug)
}
