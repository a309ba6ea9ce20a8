/** The licences that a package of others may have, when ours contains it or brings it along. */

/** SPDX identifiers. They ask for their notice to be kept, and for nothing else. */
export const PERMISSIVE = new Set(['0BSD', 'Apache-2.0', 'BSD-2-Clause', 'BSD-3-Clause', 'BlueOak-1.0.0', 'ISC', 'MIT'])

/**
 * An expression such as `(MIT OR GPL-2.0)` is refused too, so that a person looks at it.
 * @param {Iterable<{ name: string, license?: unknown }>} packages `license` as in package.json
 * @returns {string[]} those that need a person: `name: license`
 */
export function notPermissive(packages) {
  return [...packages]
    .filter(({ license }) => typeof license !== 'string' || !PERMISSIVE.has(license))
    .map(({ name, license }) => `${name}: ${license === undefined ? 'states no licence' : JSON.stringify(license)}`)
}
