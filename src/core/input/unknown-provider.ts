/** What to say of a slug that no provider has. */
import { meant } from './schema-expectation.js'

/** @param known every slug that there is */
export function describeUnknownProvider(slug: string, known: readonly string[]): string {
  const near = meant(slug.trim().toLowerCase(), known)
  return `there is no provider "${slug}"${near === '' ? '; the' : `${near} The`} providers are: ${known.join(', ')}`
}
