/** How many pieces of work replicas claim and finish in a second while 100,000 are due; none may be claimed twice, none may be left. */
import { randomUUID } from 'node:crypto'
import pg from 'pg'
import { openDatabase } from '../src/store/database.js'
import { migrate } from '../src/store/migrate.js'
import { claimWork } from '../src/store/work/claim-work.js'
import { finishWork } from '../src/store/work/held-work.js'
import { startPostgresServer } from '../test/support/postgres-server.js'

const DUE = 100_000
const REPLICAS = 4
const AT_ONCE = 250
const LEASE_MS = 30_000
const TARGET = 3_700

export async function benchWork([due = DUE]: readonly number[]): Promise<void> {
  const postgres = await startPostgresServer({ durable: true })
  const pool = new pg.Pool({ connectionString: postgres.url, max: REPLICAS })
  try {
    await migrate(pool, { schema: 'model_sync' })
    const database = openDatabase(pool, 'model_sync')
    await database.query(
      `INSERT INTO ${database.schema}.work (kind, key, lane, state, due_at, asked_by, asked, created_at)
      SELECT 'user-sync', 'user ' || n, 'user ' || n, 'waiting', now(), gen_random_uuid(), '{}', now()
      FROM generate_series(1, $1::integer) AS n`,
      [due],
    )
    await pool.query('ANALYZE model_sync.work')
    const seen = new Set<number>()
    let twice = 0
    const replica = async (name: string): Promise<void> => {
      const holder = { id: randomUUID(), name }
      for (;;) {
        const kinds = new Map([['user-sync', AT_ONCE]])
        const { claimed } = await claimWork(database, { kinds, holder, leaseMs: LEASE_MS, except: [] })
        if (claimed.length === 0) return
        for (const { id } of claimed) {
          if (seen.has(id)) twice += 1
          seen.add(id)
        }
        const finished = await finishWork(database, claimed)
        if (finished.length !== claimed.length) throw new Error('a claim was lost')
      }
    }
    const started = performance.now()
    await Promise.all(Array.from({ length: REPLICAS }, (_, at) => replica(`replica ${at}`)))
    const perSecond = Math.round(seen.size / ((performance.now() - started) / 1000))
    console.log(
      `${seen.size} of ${due} claimed and finished by ${REPLICAS} replicas, ${twice} twice: ${perSecond} a second`,
    )
    console.log(
      perSecond >= TARGET && twice === 0 && seen.size === due ? 'ok' : `MISSED: ${TARGET} a second, each once`,
    )
  } finally {
    await pool.end()
    await postgres.stop()
  }
}
