/** The services as the plugin makes them, with a pool that counts. */
import { Pool } from 'pg'
import { readSyncOptions } from '../src/options.js'
import { providerSetups } from '../src/plugins/provider-setups.js'
import { createServices } from '../src/plugins/create-services.js'
import { DatabaseClock } from '../src/services/database-clock.js'
import { openDatabase } from '../src/store/database.js'
import { SecretDigests } from '../src/services/secret-digests.js'
import type { SyncResult } from '../src/core/records/sync-result.js'

export interface Ours {
  pool: Pool
  /** Statements sent since `statements` was last set to 0, BEGIN and COMMIT included. */
  statements: number
  /** @throws when the sync is no success */
  sync(): Promise<SyncResult>
  close(): Promise<void>
}

// 50,000 models are 150 MB.
const MAX_BODY_BYTES = 512 * 1024 * 1024
const MAX_VALUES = 20_000_000

export function openOurs(databaseUrl: string, upstreamUrl: string): Ours {
  const pool = new Pool({ connectionString: databaseUrl })
  pool.on('connect', (client) => {
    const query = client.query.bind(client) as (...args: unknown[]) => unknown
    client.query = ((...args: unknown[]) => {
      ours.statements += 1
      return query(...args)
    }) as typeof client.query
  })
  const settings = readSyncOptions({
    litellm: { url: upstreamUrl },
    maxBodyBytes: MAX_BODY_BYTES,
    maxListingBytes: MAX_BODY_BYTES,
    maxValues: MAX_VALUES,
    timeoutMs: 60_000,
    priceBook: false,
  })
  const log = { debug() {}, info() {}, warn() {}, error: console.error }
  const providers = providerSetups(settings, log)
  const clock = new DatabaseClock(openDatabase(pool, settings.schema))
  const digests = new SecretDigests([Buffer.alloc(32, 1)])
  const services = createServices({ pool, settings, log, hooks: {}, providers, clock, digests })
  const ours: Ours = {
    pool,
    statements: 0,
    async sync() {
      const result = await services.rooms.sync.modelSync.syncModels({ providers: ['litellm'] })
      if (!result.success) throw new Error(`the sync failed: ${result.errors.join('; ')}`)
      return result
    },
    async close() {
      await services.close()
      await pool.end()
    },
  }
  return ours
}

/** As before the first sync. */
export async function emptyCatalogue(pool: Pool): Promise<void> {
  await pool.query(
    `TRUNCATE model_sync.models, model_sync.upstream_entries, model_sync.model_changes, model_sync.sync_runs, model_sync.providers, model_sync.model_prices`,
  )
}
