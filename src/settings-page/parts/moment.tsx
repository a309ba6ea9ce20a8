/** A moment as a distance ("3 minutes ago"), with the exact time in the viewer's zone and in UTC on hover. */
import { formatExact, formatRelative } from './format.js'
import { useNow } from './use-now.js'

interface Props {
  iso: string
  /** It lies ahead, or lay ahead until just now. */
  ahead?: boolean
}

export function Moment({ iso, ahead = false }: Props) {
  const now = useNow()
  // The clock here ticks once a second and may differ from the server's: what happened is never "in 1 second", what is due never "ago".
  const at = Date.parse(iso)
  const text = ahead && at <= now ? 'any moment now' : formatRelative(iso, ahead ? now : Math.max(now, at))
  return (
    <time dateTime={iso} title={formatExact(iso)}>
      {text}
    </time>
  )
}
