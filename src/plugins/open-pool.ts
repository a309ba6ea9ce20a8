/** The connection pool: the host's, when it has registered @fastify/postgres, else one of our own over DATABASE_URL or the embedded database. */
import fastifyPostgres from '@fastify/postgres'
import type { FastifyInstance } from 'fastify'
import pg, { type Pool, type PoolConfig } from 'pg'
import { startEmbeddedDatabase, type EmbeddedDatabase } from '../embedded/embedded-database.js'
import { OptionsError } from '../errors.js'
import type { SyncSettings } from '../options.js'
import type { DatabasePool } from '../store/database.js'
import { PoolConnections } from './pool-connections.js'

export interface OpenPool {
  pool: DatabasePool
  /** At most. */
  connections: number
  /** Where the data lies, in words for the log, without password. */
  where: string
  /** `null`: a PostgreSQL server. */
  embedded: EmbeddedDatabase | null
}

// A database that is away is told from a slow one soon enough for the boot to say so.
const CONNECT_TIMEOUT_MS = 5000
// A peer that is gone without a word is noticed after some 20 seconds; the default of most systems is two hours.
const KEEP_ALIVE_AFTER_MS = 10_000
// Of a host's pool that does not say: pg's own.
const DEFAULT_CONNECTIONS = 10
const POOL_NAME = 'fastify-model-sync'

/**
 * Opens what is needed; what was opened here is closed with the server, the pool before the database.
 * @throws whatever keeps the embedded database from starting; a server is not asked yet
 */
export async function openPool(
  fastify: FastifyInstance,
  {
    databaseUrl,
    dataDir,
    assetsDir,
    poolSize,
  }: Pick<SyncSettings, 'databaseUrl' | 'dataDir' | 'assetsDir' | 'poolSize'>,
): Promise<OpenPool> {
  const host = hostPool(fastify)
  if (host !== null) {
    const onError = logPoolError(fastify)
    host.on('error', onError)
    fastify.addHook('onClose', async () => void host.off('error', onError))
    const connections = (host as Partial<Pool>).options?.max ?? DEFAULT_CONNECTIONS
    if (connections < 2)
      fastify.log.warn(
        'The pool of the host has one connection, so that requests wait for syncs; give it a max of 2 or more',
      )
    return {
      pool: host,
      connections,
      where: 'the database of the host',
      embedded: null,
    }
  }
  if (databaseUrl !== undefined) {
    const { config, where } = serverConfig(databaseUrl, poolSize)
    return { pool: await registerPool(fastify, config), connections: poolSize, where, embedded: null }
  }
  const embedded = await startEmbeddedDatabase({ dataDir, assetsDir, log: fastify.log })
  // Registered before the pool's own hook, so that it runs behind it.
  fastify.addHook('onClose', () => embedded.close())
  return {
    pool: await registerPool(fastify, embedded.connectionConfig),
    // One session for all: further transactions would wait for each other in it, and keep requests waiting.
    connections: 1,
    where: `the embedded database in ${dataDir}`,
    embedded,
  }
}

/** How a PostgreSQL server is connected to, and its host and port for the log. @throws OptionsError when that is no address */
export function serverConfig(databaseUrl: string, poolSize: number): { config: PoolConfig; where: string } {
  const where = placeOf(databaseUrl)
  const config = {
    connectionString: databaseUrl,
    max: poolSize,
    connectionTimeoutMillis: CONNECT_TIMEOUT_MS,
    keepAlive: true,
    keepAliveInitialDelayMillis: KEEP_ALIVE_AFTER_MS,
    application_name: 'fastify-model-sync',
  }
  return { config, where }
}

/** As pg reads it, which knows more than URLs: `postgres://user:password@/db?host=/cloudsql/project:region:instance`. */
function placeOf(databaseUrl: string): string {
  try {
    const { host, port } = new pg.Client({ connectionString: databaseUrl })
    return host.startsWith('/') ? host : `${host}:${port}`
  } catch {
    // Its own error would show the password.
    throw new OptionsError(
      'DATABASE_URL (databaseUrl) cannot be read as an address: expected postgres://user:password@host:port/database, with each special character of user and password percent-encoded',
    )
  }
}

function hostPool(fastify: FastifyInstance): Pool | null {
  if (!fastify.hasDecorator('pg')) return null
  const { pool } = fastify.pg as Partial<typeof fastify.pg>
  return pool ?? null
}

/** In a scope of its own, so that the host can still register @fastify/postgres for itself. */
async function registerPool(fastify: FastifyInstance, config: PoolConfig): Promise<Pool> {
  const connections = new PoolConnections()
  let pool: Pool | undefined
  await fastify.register(async (scope) => {
    // Hooks run last-registered first: this one behind the pool's own, the next one before it.
    scope.addHook('onClose', () => connections.close())
    // A host that has only named pools shares its object with us: ours must not become what it holds without a name.
    const name = fastify.hasDecorator('pg') ? POOL_NAME : undefined
    const options = { ...config, Client: connections.Client }
    await scope.register(fastifyPostgres, name === undefined ? options : { ...options, name })
    pool = name === undefined ? scope.pg.pool : scope.pg[name]?.pool
    scope.addHook('onClose', async () => connections.stopConnecting())
  })
  if (pool === undefined) throw new Error('@fastify/postgres gave no pool')
  pool.on('error', logPoolError(fastify))
  return pool
}

// Without a listener an idle client that the server drops ends the process.
function logPoolError(fastify: FastifyInstance): (error: Error) => void {
  return (error) =>
    fastify.log.warn({ err: error }, 'A database connection broke; the pool opens a new one when it is needed')
}
