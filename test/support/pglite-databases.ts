/** PGlites for tests. In a process that many test files share, one that is as new again after a test serves the next: a start takes a second of CPU. */
import { cpSync } from 'node:fs'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import path from 'node:path'
import pg from 'pg'
import { startEmbeddedDatabase } from '../../src/embedded/embedded-database.js'
import { createPgliteCluster } from './pglite-cluster.js'
import { afterLastFile, sharesProcess } from './shared-process.js'

const SILENT = { info: () => undefined, warn: () => undefined, error: () => undefined }
// One that some test still keeps busy is given up.
const RESET_LIMIT_MS = 2_000

// Whatever a test can leave behind, except for what `model_sync` holds.
const FINGERPRINT = `
  SELECT jsonb_build_array(
    (SELECT count(*) FROM pg_class WHERE relnamespace NOT IN (SELECT oid FROM pg_namespace WHERE nspname ~ '^pg_(toast_)?temp')),
    (SELECT count(*) FROM pg_proc), (SELECT count(*) FROM pg_type), (SELECT count(*) FROM pg_roles), (SELECT count(*) FROM pg_database),
    (SELECT count(*) FROM pg_db_role_setting), (SELECT count(*) FROM pg_namespace WHERE nspname !~ '^pg_(toast_)?temp'),
    (SELECT jsonb_object_agg(name, setting) FROM pg_settings WHERE source IN ('session', 'database', 'user'))
  )::text AS "fingerprint"`

export interface PgliteInstance {
  connectionConfig: pg.PoolConfig
  /** Removes it. Idempotent. */
  close(): Promise<void>
  /** Gives it back: it serves another test, or is removed. */
  release(): Promise<void>
}

const idle: PgliteInstance[] = []

/** An empty one. */
export async function takePglite(): Promise<PgliteInstance> {
  return idle.pop() ?? startPglite()
}

async function startPglite(): Promise<PgliteInstance> {
  const dataDir = await mkdtemp(path.join(tmpdir(), 'model-sync-data-'))
  await copyPgliteCluster(dataDir)
  const { connectionConfig, close: stop } = await startEmbeddedDatabase({ dataDir, log: SILENT })
  const close = once(async () => {
    await stop()
    await rm(dataDir, { recursive: true, force: true })
  })
  if (!sharesProcess()) return { connectionConfig, close, release: close }
  afterLastFile(close)
  const asNew = await reset(connectionConfig)
  const instance = {
    connectionConfig,
    close,
    release: async () => {
      if (asNew !== null && (await reset(connectionConfig)) === asNew) idle.push(instance)
      else await close()
    },
  }
  return instance
}

/** @returns what is then in it, besides the catalogue; `null` when it does not answer */
async function reset(config: pg.ClientConfig): Promise<string | null> {
  const client = new pg.Client({ ...config, query_timeout: RESET_LIMIT_MS, connectionTimeoutMillis: RESET_LIMIT_MS })
  client.on('error', () => undefined)
  try {
    await client.connect()
    await client.query('DROP SCHEMA IF EXISTS model_sync CASCADE')
    await client.query('DISCARD ALL')
    return (await client.query<{ fingerprint: string }>(FINGERPRINT)).rows[0]?.fingerprint ?? null
  } catch {
    return null
  } finally {
    await client.end().catch(() => undefined)
  }
}

/** Puts an empty cluster into a data directory, which spares its first start some seconds. */
export async function copyPgliteCluster(dataDir: string): Promise<void> {
  // A thousand small files: the promises version takes twice as long.
  cpSync(await pgliteCluster(), path.join(dataDir, 'pglite'), { recursive: true })
}

const pgliteCluster = once(async () => {
  const given = process.env.TEST_PGLITE_CLUSTER
  if (given !== undefined) return given
  const dataDir = await mkdtemp(path.join(tmpdir(), 'model-sync-cluster-'))
  afterLastFile(() => rm(dataDir, { recursive: true, force: true }))
  return createPgliteCluster(dataDir)
})

export function once<T>(work: () => Promise<T>): () => Promise<T> {
  let done: Promise<T> | null = null
  return () => (done ??= work())
}
