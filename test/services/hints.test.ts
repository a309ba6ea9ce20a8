/** Hints: who hears at once that another process has changed something, and who cannot. */
import pg from 'pg'
import t, { type Test } from 'tap'
import { Hints } from '../../src/services/hints.js'
import { RevisionWatch } from '../../src/services/catalogue/revision-watch.js'
import { openDatabase } from '../../src/store/database.js'
import { growRevision, readRevision } from '../../src/store/revision.js'
import { createPgliteDatabase, createPostgresDatabase, needsPostgres, type TestDatabase } from '../support/databases.js'
import { captureLog } from '../support/log-capture.js'

needsPostgres()

function open(t: Test, { poolConfig }: TestDatabase) {
  const pool = new pg.Pool(poolConfig)
  pool.on('error', () => undefined)
  t.teardown(() => pool.end())
  const database = openDatabase(pool, 'model_sync')
  const hints = new Hints({ database, log: captureLog('silent').logger, alone: false })
  t.teardown(() => hints.close())
  return { pool, database, hints }
}

async function until(look: () => boolean, ms = 5000): Promise<number> {
  const from = performance.now()
  while (!look()) {
    if (performance.now() - from > ms) throw new Error(`waited ${ms} ms for ${String(look)}`)
    await new Promise((resolve) => setTimeout(resolve, 2))
  }
  return performance.now() - from
}

t.test('PostgreSQL', async (t) => {
  const ours = await createPostgresDatabase(t)
  const { pool, database, hints } = open(t, ours)
  let heard = 0
  let others = 0
  hints.on('revision', () => heard++)
  hints.on('work', () => others++)
  await until(() => hints.listening)
  t.strictSame([heard, others], [1, 1], 'something may have happened before')

  await t.test('a revision of another process is heard, once it is committed', async (t) => {
    const other = openDatabase(new pg.Pool(ours.poolConfig), 'model_sync')
    t.teardown(() => (other.pool as pg.Pool).end())
    await other.transaction(async (transaction) => {
      await growRevision(transaction)
      await new Promise((resolve) => setTimeout(resolve, 50))
      t.equal(heard, 1)
    })
    await until(() => heard === 2)
    t.equal(others, 1, 'and nothing of another topic')
  })

  await t.test('another schema of the same database is somebody else’s', async (t) => {
    await pool.query(`SELECT pg_notify('model_sync', '"other" revision')`)
    await growRevision(database)
    await until(() => heard === 3)
    t.equal(heard, 3)
  })

  await t.test('a connection that breaks comes back, and what was missed counts as heard', async () => {
    const before = heard
    await pool.query(
      `SELECT pg_terminate_backend(pid) FROM pg_stat_activity
      WHERE datname = current_database() AND query = 'LISTEN model_sync'`,
    )
    await until(() => !hints.listening)
    await growRevision(database)
    await until(() => hints.listening)
    await until(() => heard > before)
  })
})

t.test('a server that is closed while it finds out does not wait', async (t) => {
  const { hints } = open(t, await createPgliteDatabase(t))
  hints.on('work', () => undefined)
  await new Promise((resolve) => setTimeout(resolve, 300))
  const from = performance.now()
  await hints.close()
  t.ok(performance.now() - from < 1000)
})

t.test('PGlite passes nothing on, which is found out', async (t) => {
  const { database, hints } = open(t, await createPgliteDatabase(t))
  hints.on('revision', () => t.fail('nothing arrives'))
  await new Promise((resolve) => setTimeout(resolve, 3500))
  t.equal(hints.listening, false)
  t.ok((await database.query('SELECT')).rows.length > 0, 'and goes on')
})

t.test('the revision of another process', async (t) => {
  const { database, hints } = open(t, await createPostgresDatabase(t))
  const reads: number[] = []
  const options = {
    read: () => {
      reads.push(performance.now())
      return readRevision(database)
    },
    intervalMs: 1000,
  }

  await t.test('with hints it is seen within 100 ms', async (t) => {
    const watch = new RevisionWatch({ ...options, hints })
    let seen = -1
    const unwatch = watch.watch((revision) => (seen = revision))
    await until(() => hints.listening && seen >= 0)
    const took: number[] = []
    for (let round = 0; round < 5; round++) {
      const before = seen
      await growRevision(database)
      took.push(await until(() => seen > before))
    }
    unwatch()
    t.ok(took.sort((a, b) => a - b)[2]! < 100, `${took.map(Math.round).join(', ')} ms`)
  })

  await t.test('without hints within a second', async (t) => {
    const watch = new RevisionWatch(options)
    let seen = -1
    const unwatch = watch.watch((revision) => (seen = revision))
    await until(() => seen >= 0)
    await growRevision(database)
    const before = seen
    t.ok((await until(() => seen > before)) < 1500)
    unwatch()
  })

  await t.test('nobody asks: it is hardly read; the first who asks again waits for it', async (t) => {
    let now = 0
    const watch = new RevisionWatch({ ...options, clock: () => now })
    let seen = -1
    const follower = watch.follow((revision) => (seen = revision))
    await until(() => seen >= 0)
    t.equal(follower.current(), null, 'what was read just now is of now')
    t.equal(follower.current(), null, 'from then on it is read each second')
    now += 40_000
    await growRevision(database)
    const before = seen
    const waiting = follower.current()
    t.not(waiting, null)
    await waiting
    t.equal(seen, before + 1)
    follower.end()
    reads.length = 0
    const quiet = watch.follow(() => undefined)
    now += 40_000
    await new Promise((resolve) => setTimeout(resolve, 2500))
    t.ok(reads.length <= 2, `${reads.length} reads`)
    quiet.end()
  })
})
