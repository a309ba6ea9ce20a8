/** The headers that tell the caller of a model that it will not be served for ever. */

/**
 * `Deprecation` and `Sunset` of a model with an end date; none of another. Upstreams state the day on which a model ends and not the one on which
 * they said so, so that both fields name the start of that day, UTC, which neither RFC 9745 (no Sunset before the Deprecation) nor RFC 8594 minds.
 * @param model its ISO date; `null`: none is known
 * @see https://www.rfc-editor.org/rfc/rfc9745 and https://www.rfc-editor.org/rfc/rfc8594
 */
export function deprecationHeaders({
  deprecationDate,
}: {
  deprecationDate: string | null
}): { deprecation: string; sunset: string } | Record<string, never> {
  if (deprecationDate === null) return {}
  const end = new Date(deprecationDate)
  return { deprecation: `@${end.getTime() / 1000}`, sunset: end.toUTCString() }
}
