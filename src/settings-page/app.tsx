/** The page's frame: header, status, and the view that the address names. */
import { Suspense, useEffect, useRef } from 'react'
import type { SyncResult } from '../client/contract.js'
import { useRevision, useStatus } from './api/queries.js'
import { useLive } from './api/use-live.js'
import { Boundary } from './parts/boundary.js'
import { Notice } from './parts/notice.js'
import { Header } from './shell/header.js'
import { usePlace } from './shell/router.js'
import { ServerNotice } from './shell/server-notice.js'
import { StatusStrip } from './shell/status-strip.js'
import { isSignedOut } from './shell/signed-out.js'
import { standingOf } from './sync/sync-state.js'
import { useAnnouncement } from './sync/use-announcement.js'
import { SyncProvider, useSyncActions } from './sync/use-sync-actions.js'
import { VIEW_COMPONENTS, VIEW_TITLES } from './views.js'

export function App() {
  const actions = useSyncActions()
  const status = useStatus(actions.refreshing)
  useLive()
  useRevision(status.data && (status.data.lastSync?.runId ?? null))
  const { view } = usePlace()
  const main = useViewFocus(VIEW_TITLES[view])

  const running = actions.refreshing || status.data?.running === true
  const result = latest(actions.posted, status.data?.lastSync?.result ?? null)
  const away = status.error !== null
  const standing = standingOf(status.data, result, running, isSignedOut(status.error) ? 'signed-out' : away)
  const announcement = useAnnouncement(running, standing.title, result)
  // Once the server answers again, its status tells more than a lost connection.
  const { problem } = actions
  const told = problem !== null && problem.lost && status.dataUpdatedAt > problem.at ? null : problem
  const View = VIEW_COMPONENTS[view]
  const shown = { status: status.data, standing, result, running, away }

  return (
    <SyncProvider value={actions}>
      <div className={`frame frame-${view}`}>
        <a className="skip" href="#main" onClick={(event) => (event.preventDefault(), main.current?.focus())}>
          Skip to the content
        </a>
        <Header view={view} running={running} />
        <StatusStrip {...shown} />
        <main id="main" ref={main} className={`main view-${view}`} tabIndex={-1} aria-labelledby="view-title">
          {status.error !== null && (
            <ServerNotice
              error={status.error}
              stale={status.data !== undefined}
              retrying={status.isFetching}
              onRetry={() => void status.refetch()}
            />
          )}
          {told !== null && <Notice tone="bad">{told.text}</Notice>}
          <Boundary key={view} what="This view could not be shown.">
            <Suspense fallback={<p className="loading">Loading…</p>}>
              <View {...shown} />
            </Suspense>
          </Boundary>
        </main>
        <p className="visually-hidden" role="status">
          {announcement}
        </p>
      </div>
    </SyncProvider>
  )
}

// The answer of this tab's own refresh is newer than the status for a moment; and a run that could not be recorded is only there.
function latest(posted: SyncResult | null, recorded: SyncResult | null): SyncResult | null {
  if (posted === null || recorded === null) return posted ?? recorded
  return Date.parse(posted.syncedAt) > Date.parse(recorded.syncedAt) ? posted : recorded
}

/** Another view is like another page: its title, its top, and the focus at its start; not when the page is opened. */
function useViewFocus(title: string) {
  const main = useRef<HTMLElement>(null)
  const first = useRef(true)
  useEffect(() => {
    document.title = `${title} · Model Sync`
    if (!first.current) {
      window.scrollTo(0, 0)
      main.current?.focus({ preventScroll: true })
    }
    first.current = false
  }, [title])
  return main
}
