/** PoolConnections: the connections that a pool opens, to close those which would keep it or the process from ending. */
import { once } from 'node:events'
import pg from 'pg'
import { waitWithin } from '../wait-within.js'

// How long the other side may take to answer a goodbye; a silent one never does.
const GOODBYE_MS = 500

export class PoolConnections {
  /** For the pool's options: makes its clients. */
  readonly Client: typeof pg.Client
  private readonly open = new Set<pg.Client>()
  private readonly connected = new WeakSet<pg.Client>()

  constructor() {
    const { open, connected } = this
    this.Client = class extends pg.Client {
      constructor(config?: string | pg.ClientConfig) {
        super(config)
        open.add(this)
        this.once('connect', () => connected.add(this))
        this.once('end', () => open.delete(this))
      }
    }
  }

  /** Before the pool ends, which would wait for them: those that are being opened. */
  stopConnecting(): void {
    for (const client of this.open) if (!this.connected.has(client)) destroy(client)
  }

  /** After the pool has ended. Throws nothing. */
  async close(): Promise<void> {
    const ended = Promise.all([...this.open].map((client) => once(client, 'end')))
    await waitWithin(ended, { timeoutMs: GOODBYE_MS, overdue: () => [] }).catch(() => undefined)
    for (const client of this.open) destroy(client)
  }
}

function destroy(client: pg.Client): void {
  ;(client as { connection?: { stream?: { destroy(): void } } }).connection?.stream?.destroy()
}
