/** Databases that serve one test after another, for those that take long to make: PGlite, which takes a second. */
import pg from 'pg'
import { fingerprint } from './database-fingerprint.js'
import { afterLastFile } from './shared-process.js'

// One that some test still keeps busy is given up.
const RESET_LIMIT_MS = 2_000
// A pool's `end()` resolves when its goodbyes are sent, not when they have arrived.
const GOODBYES_MS = 1_000

const SCHEMAS = `SELECT nspname AS "name" FROM pg_namespace WHERE nspname !~ '^pg_' AND nspname NOT IN ('information_schema', 'public')`

export interface EmptyDatabase {
  config: pg.PoolConfig
  /** @returns how many connections to it are open besides the caller's one */
  countOthers(): Promise<number>
  /** Gives it another address; who still has the old one reaches nothing. @returns the new one */
  move(): Promise<pg.PoolConfig>
  /** Removes it, whoever is connected. Idempotent. */
  close(): Promise<void>
}

export interface TakenDatabase {
  config: pg.PoolConfig
  close(): Promise<void>
  /** Gives it back: when it is as new again it serves another test, else it is removed. */
  release(): Promise<void>
}

/** What a new one is like. PGlite has set something for its one session, which all connections share. */
interface AsNew {
  session: readonly (readonly [name: string, setting: string])[]
  fingerprint: string
}

/** @param make makes a new one. @returns takes one that is empty */
export function reuseDatabases(make: () => Promise<EmptyDatabase>): () => Promise<TakenDatabase> {
  const idle: EmptyDatabase[] = []
  let asNew: AsNew | null = null
  return async () => {
    let database = idle.pop()
    if (database === undefined) {
      database = await make()
      afterLastFile(database.close)
      asNew ??= await look(database)
    }
    return take(database, asNew, idle)
  }
}

function take(database: EmptyDatabase, asNew: AsNew | null, idle: EmptyDatabase[]): TakenDatabase {
  let isTaken = true
  const close = async () => {
    if (isTaken) await database.close()
    isTaken = false
  }
  const release = async () => {
    if (!isTaken) return
    if (asNew === null || !(await becomesNew(database, asNew))) return close()
    isTaken = false
    idle.push({ ...database, config: await database.move() })
  }
  return { config: database.config, close, release }
}

async function look({ config }: EmptyDatabase): Promise<AsNew> {
  return withClient(config, async (client) => {
    const { rows } = await client.query<{ name: string; setting: string }>(
      `SELECT name, setting FROM pg_settings WHERE source = 'session'`,
    )
    return {
      session: rows.map(({ name, setting }) => [name, setting]),
      fingerprint: await fingerprint(client),
    }
  })
}

/** Empties it. @returns whether it is then as new, and no test can still do anything to it */
async function becomesNew(database: EmptyDatabase, asNew: AsNew): Promise<boolean> {
  const limits = { query_timeout: RESET_LIMIT_MS, connectionTimeoutMillis: RESET_LIMIT_MS }
  return withClient({ ...database.config, ...limits }, async (client) => {
    if (!(await comesToZero(database.countOthers))) return false
    const { rows } = await client.query<{ name: string }>(SCHEMAS)
    const names = rows.map(({ name }) => client.escapeIdentifier(name))
    if (names.length > 0) await client.query(`DROP SCHEMA ${names.join()} CASCADE`)
    await client.query('DISCARD ALL')
    for (const setting of asNew.session) await client.query('SELECT set_config($1, $2, false)', [...setting])
    return (await fingerprint(client)) === asNew.fingerprint
  }).catch(() => false)
}

/** Whether the number is 0 within the time that goodbyes may take. */
export async function comesToZero(count: () => Promise<number>): Promise<boolean> {
  for (const giveUpAt = performance.now() + GOODBYES_MS; performance.now() < giveUpAt;) {
    if ((await count()) === 0) return true
    await new Promise((resolve) => setTimeout(resolve, 10))
  }
  return false
}

export async function withClient<T>(config: pg.ClientConfig, work: (client: pg.Client) => Promise<T>): Promise<T> {
  const client = new pg.Client(config)
  client.on('error', () => undefined)
  try {
    await client.connect()
    return await work(client)
  } finally {
    await client.end()
  }
}
