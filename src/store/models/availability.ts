/** What makes a row of models available, as SQL: an operator who took it out comes before what the provider's side says. */

/** @param pinned SQL: whether an operator took it out. @param listed SQL: why the provider's side does not offer it, NULL where it does */
export function availabilityOf(pinned: string, listed: string): string {
  return `CASE WHEN ${pinned} OR ${listed} IS NOT NULL THEN 'unavailable' ELSE 'available' END`
}

/** Assignments. @param since SQL: the time that an unavailable row gets */
export function setAvailability(pinned: string, listed: string, since: string): string {
  return `availability = ${availabilityOf(pinned, listed)},
      unavailable_reason = CASE WHEN ${pinned} THEN 'operator' ELSE ${listed} END,
      unavailable_since = CASE WHEN NOT ${pinned} AND ${listed} IS NULL THEN NULL ELSE ${since} END`
}

/** Assignments for rows `m` of a provider `p` that says something else of them from then on. @param at SQL: when */
export function setListed(listed: string, at: string): string {
  return `listed_reason = ${listed},
      ${setAvailability('m.pinned_unavailable', listed, `CASE WHEN m.pinned_unavailable THEN m.unavailable_since ELSE ${at} END`)},
      last_seen_at = CASE WHEN ${listed} IS NULL THEN NULL ELSE p.last_success_at END,
      updated_at = ${at}`
}
