/** Hints: tells at once that another process has changed something, where the database can say so. Whoever listens polls all the same. */
import { listenForHints } from '../store/listen.js'
import type { PooledDatabase } from '../store/database.js'
import type { SyncLog } from './log.js'

/** What a hint is about: the catalogue's revision, or the table of work. */
export type HintTopic = 'revision' | 'work'

export interface HintsOptions {
  database: PooledDatabase
  log: SyncLog
  /** No other process can be at work on the database, so that there is nothing to hear. */
  alone: boolean
}

const FIRST_RETRY_MS = 1000
const LONGEST_RETRY_MS = 60_000

export class Hints {
  /** Whether hints arrive now. */
  listening = false
  private readonly listeners = new Set<{ topic: HintTopic; listener: () => void }>()
  private readonly closing = new AbortController()
  private timer: NodeJS.Timeout | undefined
  private opening: Promise<void> | null = null
  private failures = 0

  constructor(private readonly options: HintsOptions) {}

  /** Calls the listener after each hint, and when some may have been missed; connects for the first one. @returns ends it */
  on(topic: HintTopic, listener: () => void): () => void {
    const entry = { topic, listener }
    this.listeners.add(entry)
    if (this.opening === null && !this.options.alone) this.open()
    return () => void this.listeners.delete(entry)
  }

  async close(): Promise<void> {
    this.closing.abort(new Error('the server is closing'))
    clearTimeout(this.timer)
    await this.opening
  }

  private open(): void {
    if (!this.closing.signal.aborted) this.opening = this.connect()
  }

  /** Throws nothing. */
  private async connect(): Promise<void> {
    const { database, log } = this.options
    try {
      this.listening = await listenForHints(database, {
        heard: (said) => this.hear(said),
        lost: () => {
          this.listening = false
          this.retry()
        },
        signal: this.closing.signal,
      })
      if (!this.listening) return log.debug('The database’s NOTIFY does not arrive here; polling alone')
      this.failures = 0
      for (const { listener } of this.listeners) listener()
    } catch (error) {
      log.debug({ err: error }, 'No connection for hints; polling, and trying again')
      this.retry()
    }
  }

  private retry(): void {
    if (this.closing.signal.aborted) return
    const pause = Math.min(FIRST_RETRY_MS * 2 ** this.failures++, LONGEST_RETRY_MS)
    this.timer = setTimeout(() => this.open(), pause).unref()
  }

  /** @param said the schema's quoted name and a topic */
  private hear(said: string): void {
    for (const { topic, listener } of this.listeners)
      if (said === `${this.options.database.schema} ${topic}`) listener()
  }
}
