/** The providers whose last listing could not be read, so that what is shown of them may be out of date. */
import { useMemo } from 'react'
import { useProviders } from '../api/queries.js'

/** Slugs; none as long as the providers are not known. */
export function useBehind(): string[] {
  const { data: providers } = useProviders()
  return useMemo(
    () =>
      (providers ?? [])
        .filter(({ enabled, syncable, staleSince }) => enabled && syncable && staleSince !== null)
        .map(({ slug }) => slug),
    [providers],
  )
}
