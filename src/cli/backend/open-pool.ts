/** The database of this process: a pool over DATABASE_URL, or the embedded one. */
import pg from 'pg'
import { startEmbeddedDatabase } from '../../embedded/embedded-database.js'
import type { EmbeddedLog } from '../../embedded/embedded-log.js'
import { readServerInfo } from '../../embedded/server-info.js'
import { DataDirectoryInUseError } from '../../errors.js'
import { serverConfig } from '../../plugins/open-pool.js'

export interface OpenPool {
  pool: pg.Pool
  /** At once, of syncs and requests. */
  connections: number
  /** Without password. */
  where: string
  close(): Promise<void>
}

/**
 * @throws DataDirectoryInUseError that names the URL to go through, when a running server holds the embedded database
 * @throws OptionsError; DatabaseError
 */
export async function openPool(
  { databaseUrl, dataDir, poolSize }: { databaseUrl?: string; dataDir: string; poolSize: number },
  log: EmbeddedLog,
): Promise<OpenPool> {
  if (databaseUrl !== undefined) {
    const { config, where } = serverConfig(databaseUrl, poolSize)
    const pool = listened(config, log)
    return { pool, connections: poolSize, where: `the PostgreSQL at ${where}`, close: () => pool.end() }
  }
  const embedded = await startEmbeddedDatabase({ dataDir, log }).catch(async (error: Error) => {
    throw error instanceof DataDirectoryInUseError ? await offerUrl(error, dataDir) : error
  })
  const pool = listened(embedded.connectionConfig, log)
  const close = async (): Promise<void> => {
    await pool.end()
    await embedded.close()
  }
  return { pool, connections: 1, where: `the embedded database in ${dataDir}`, close }
}

// Without a listener an idle client that the server drops ends the process.
function listened(config: pg.PoolConfig, log: EmbeddedLog): pg.Pool {
  const pool = new pg.Pool(config)
  pool.on('error', (error) =>
    log.warn({ err: error }, 'A database connection broke; a new one is opened when it is needed'),
  )
  return pool
}

async function offerUrl(error: Error, dataDir: string): Promise<Error> {
  const holder = await readServerInfo(dataDir)
  if (holder === null) return error
  const who = `The embedded database in ${dataDir} is held by a running process (${holder.pid} on ${holder.host})`
  const advice =
    holder.url === null
      ? 'It serves no API yet: wait until it does, or until it has ended.'
      : `It is a server: go through it with --url ${holder.url}, or stop it first.`
  return new DataDirectoryInUseError(`${who}. ${advice} With a PostgreSQL (DATABASE_URL) both could use the database.`)
}
