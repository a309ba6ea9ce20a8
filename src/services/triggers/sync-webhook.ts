/** SyncWebhook: signed messages from outside that start syncs, one for several that come together. */
import { ConflictError } from '../../errors.js'
import type { Database } from '../../store/database.js'
import { takeSyncWebhookMessage } from '../../store/triggers/sync-webhook-messages.js'
import type { ModelSyncService } from '../sync/model-sync-service.js'
import type { SyncContext } from '../sync/sync-context.js'

export interface SyncWebhookOptions extends Pick<SyncContext, 'log' | 'now'> {
  database: Database
  modelSync: Pick<ModelSyncService, 'syncModels' | 'findProvider'>
  /** Messages within so many ms are one. Default 2000. */
  debounceMs?: number
}

/** What the sync of one provider waits for. */
interface Pending {
  timer: NodeJS.Timeout | null
  run: Promise<void> | null
  /** A message came while it ran: what that told of may have come after the fetch. */
  again: boolean
}

const DEBOUNCE_MS = 2000
// Twice the tolerance of a signature's time, since a clock may be ahead as well as behind.
const KEPT_MINUTES = 15

export class SyncWebhook {
  private readonly pending = new Map<string, Pending>()
  private readonly closing = new AbortController()

  constructor(private readonly options: SyncWebhookOptions) {}

  /** The time that a signature is judged by, ms since 1970. */
  now(): number {
    return this.options.now()
  }

  /**
   * Takes a message whose signature was good: a sync of that provider starts within two seconds.
   * @throws UnknownProviderError; ConflictError when the message was taken before
   */
  async take(slug: string, messageId: string): Promise<void> {
    this.options.modelSync.findProvider(slug)
    const at = new Date(this.now()).toISOString()
    if (!(await takeSyncWebhookMessage(this.options.database, { id: messageId, at, keptMinutes: KEPT_MINUTES })))
      throw new ConflictError(
        `the message ${JSON.stringify(messageId)} was taken before; a new one needs an id of its own`,
      )
    this.schedule(slug)
  }

  /** Drops what waits, ends what runs, and waits for it. */
  async close(): Promise<void> {
    this.closing.abort()
    for (const { timer } of this.pending.values()) if (timer !== null) clearTimeout(timer)
    await Promise.all([...this.pending.values()].map(({ run }) => run))
  }

  private schedule(slug: string): void {
    if (this.closing.signal.aborted) return
    const pending = this.pending.get(slug) ?? { timer: null, run: null, again: false }
    this.pending.set(slug, pending)
    if (pending.run !== null) pending.again = true
    else pending.timer ??= setTimeout(() => this.start(slug, pending), this.options.debounceMs ?? DEBOUNCE_MS)
  }

  private start(slug: string, pending: Pending): void {
    pending.timer = null
    pending.again = false
    pending.run = this.sync(slug).finally(() => {
      pending.run = null
      if (pending.again) this.schedule(slug)
    })
  }

  private async sync(slug: string): Promise<void> {
    const { log, modelSync } = this.options
    try {
      const { runId, success, errors } = await modelSync.syncModels({
        providers: [slug],
        trigger: 'reactive',
        signal: this.closing.signal,
      })
      if (success) log.info({ provider: slug, runId }, 'A sync webhook has synced a provider')
      else log.warn({ provider: slug, runId, errors }, 'A sync that the sync webhook started failed')
    } catch (error) {
      log.error({ err: error, provider: slug }, 'A sync that the sync webhook started failed')
    }
  }
}
