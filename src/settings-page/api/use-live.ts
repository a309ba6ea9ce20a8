/** Follows the server's events while the tab is seen; without them, polling does the same a little later. */
import { useQueryClient, type QueryClient } from '@tanstack/react-query'
import { useEffect } from 'react'
import type { ProviderProgress, RunProgress, SyncEvent } from '../../client/contract.js'
import { client as api } from './client.js'
import { LIVE, PROGRESS, REVISION, STATUS } from './query-keys.js'
import { useToken } from './token.js'

export function useLive(): void {
  const client = useQueryClient()
  const token = useToken()
  useEffect(() => {
    let stop: AbortController | null = null
    // Not while hidden: a browser has six connections to a server, for all its tabs.
    const follow = () => {
      stop?.abort()
      stop = null
      if (document.hidden) return
      stop = new AbortController()
      void listen(client, stop.signal)
    }
    follow()
    document.addEventListener('visibilitychange', follow)
    return () => {
      document.removeEventListener('visibilitychange', follow)
      stop?.abort()
    }
  }, [client, token])
}

async function listen(client: QueryClient, signal: AbortSignal): Promise<void> {
  try {
    for await (const event of api.events({ signal })) hear(client, event)
  } catch {
    // Refused, without such a route, or stopped: polling it is. That the server is away is told by the status.
  }
  client.setQueryData(LIVE, false)
  client.setQueryData(PROGRESS, null)
}

function hear(client: QueryClient, event: SyncEvent): void {
  client.setQueryData(LIVE, true)
  switch (event.event) {
    case 'started':
      client.setQueryData(PROGRESS, event.data)
      return void client.invalidateQueries({ queryKey: STATUS })
    case 'progress':
      return void client.setQueryData(PROGRESS, (run: RunProgress | null | undefined) =>
        run ? moved(run, event.data) : null,
      )
    case 'finished':
      client.setQueryData(PROGRESS, null)
      return void client.invalidateQueries({ queryKey: STATUS })
    case 'revision':
      return void client.invalidateQueries({ queryKey: REVISION })
  }
}

function moved(run: RunProgress, { provider, state, entries, result }: ProviderProgress): RunProgress {
  return {
    ...run,
    providers: run.providers.map((one) => (one.provider === provider ? { provider, state, entries, result } : one)),
  }
}
