/** startBackend: the reference backend as a reader of the documentation has it, with a LiteLLM beside it; and what its database looks like. */
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import path from 'node:path'
import type { FastifyInstance } from 'fastify'
import pg from 'pg'
import type { Test } from 'tap'
import type { ServerSettingsInput } from '../../src/options.js'
import { startServer } from '../../src/server.js'
import { migrate } from '../../src/store/migrate.js'
import { createPostgresDatabase } from '../support/databases.js'
import { captureLog, type LogCapture } from '../support/log-capture.js'
import { manyRows, modelRow, startLoopbackLiteLLM } from '../support/loopback-litellm.js'
import { copyPgliteCluster } from '../support/pglite-databases.js'

export interface RunningBackend {
  app: FastifyInstance
  url: string
  /** A folder with `data/admin-token` in it, as a checkout has it. */
  folder: string
  log: LogCapture
  /** From now on LiteLLM answers 500, to all its requests. */
  failUpstream(): void
}

export async function startBackend(t: Test, settings: ServerSettingsInput = {}): Promise<RunningBackend> {
  const folder = await mkdtemp(path.join(tmpdir(), 'model-sync-docs-'))
  t.teardown(() => rm(folder, { recursive: true, force: true }))
  const dataDir = path.join(folder, 'data')
  await copyPgliteCluster(dataDir)
  const litellm = await startLoopbackLiteLLM({
    key: null,
    models: [...manyRows(3), modelRow({ model_name: 'gpt-4o' })],
  })
  t.teardown(() => litellm.close())
  const log = captureLog('info')
  const options = { port: 0, dataDir, enabled: false, litellm: { url: litellm.url }, ...settings }
  const backend = await startServer(options, log.logger)
  t.teardown(() => backend.close())
  const app = await backend.ready
  return {
    ...{ app, folder, log },
    url: backend.url,
    failUpstream: () => litellm.setFault('/model/info', { kind: 'status', status: 500 }),
  }
}

/** The columns of each table and view that the migrations make. */
export async function migratedColumns(t: Test): Promise<Map<string, string[]>> {
  const database = await createPostgresDatabase(t)
  const pool = new pg.Pool(database.poolConfig)
  t.teardown(() => pool.end())
  await migrate(pool, { schema: 'model_sync' })
  const { rows } = await pool.query<{ table: string; columns: string[] }>(
    `SELECT table_name::text AS table, array_agg(column_name::text ORDER BY ordinal_position) AS columns
     FROM information_schema.columns WHERE table_schema = 'model_sync' GROUP BY table_name`,
  )
  return new Map(rows.map(({ table, columns }) => [table, columns]))
}
