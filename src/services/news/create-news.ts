/** createNews: deliveries of messages about changes, over HTTP and by e-mail. */
import { refusalAtStart } from '../../store/connection/start-refusal.js'
import { createHttpClient } from '../../upstream/http-client.js'
import type { WorkService } from '../work/work-service.js'
import type { Room, RoomContext } from '../room.js'
import { NewsService } from './news-service.js'

export interface NewsNeeds {
  /** Of syncs. */
  events: { on(event: 'change' | 'finished', listener: () => void): unknown }
  work: WorkService
}

export function createNews(
  { edits: database, log, now, digests, subscriptions, settings, http, fetching }: RoomContext,
  { events, work }: NewsNeeds,
): Room<NewsService> {
  const { userAgent, random } = fetching
  // Whoever may set an address must not reach by it what is behind the firewall.
  const own = settings.newsAllowPrivateTargets ? null : createHttpClient({ ...http, publicOnly: true })
  const client = own ?? fetching.client
  const { timeoutMs } = settings
  const service = new NewsService({
    ...{ database, log, now, digests, subscriptions, client, userAgent, timeoutMs, random, work },
  })
  return {
    service,
    prepare: async () => {
      await service.register().catch((error: Error) => {
        throw refusalAtStart(error, settings.schema)
      })
      for (const event of ['change', 'finished'] as const) events.on(event, () => void service.wake())
    },
    start: () =>
      service.start().catch((error: unknown) => log.warn({ err: error }, 'News wait for the next start of a server')),
    stop: async () => {
      await service.close()
      await own?.close()
    },
  }
}
