/** The slug of a name: how people spell it in an address or a configuration. */

const UNLIKE_ITS_SLUG = /[\s_]/

/** Trimmed, lower case, each run of white space or `_` one `-`; `.`, `:` and `/` stay. Throws nothing. */
export function slugOf(name: string): string {
  const lower = name.toLowerCase()
  // Most names are their own slug but for the case, and an index asks for a hundred thousand.
  return UNLIKE_ITS_SLUG.test(lower) ? lower.trim().replace(/[\s_]+/g, '-') : lower
}
