/** The embedded database from outside: started, closed, killed, broken; its data, its files, its errors. `test/slow` has the folders that do not open. */
import { spawnSync } from 'node:child_process'
import { existsSync } from 'node:fs'
import { mkdir, readdir, readFile, rename, rm, stat, writeFile } from 'node:fs/promises'
import path from 'node:path'
import { setTimeout as delay } from 'node:timers/promises'
import pg from 'pg'
import t from 'tap'
import { startEmbeddedDatabase, type EmbeddedDatabase } from '../../src/embedded/embedded-database.js'
import { readServerInfo } from '../../src/embedded/server-info.js'
import { copyPgliteCluster } from '../support/pglite-databases.js'
import { dataDirectory, keptLog, kill, startHolder, temporaryDirectory, within } from './support.js'

const UNIX = process.platform !== 'win32'
// A new cluster, and some room.
const FULL_DISK_MB = 64

// A first start takes PGlite four seconds of a core, which it may have to share.
t.setTimeout(240_000)

async function query(database: EmbeddedDatabase, sql: string): Promise<unknown[]> {
  const client = new pg.Client(database.connectionConfig)
  // Without a listener, a connection that is lost would end the test.
  client.on('error', () => undefined)
  await client.connect()
  try {
    return (await client.query<Record<string, unknown>>(sql)).rows
  } finally {
    await client.end()
  }
}

t.test('first start after one that was killed half-way, later starts', async (t) => {
  const dataDir = path.join(await temporaryDirectory(t), 'new')
  await mkdir(path.join(dataDir, 'pglite'), { recursive: true, mode: 0o700 })
  await writeFile(path.join(dataDir, 'pglite', 'PG_VERSION'), '18\n')
  await writeFile(path.join(dataDir, 'pglite-first-start'), '')
  const log = keptLog()
  const first = await startEmbeddedDatabase({ dataDir, log })
  t.match(
    log.lines.map(({ message }) => message),
    [/^Creating the embedded database/, 'Embedded database started'],
  )
  if (UNIX) {
    t.equal(first.socketPath, path.join(dataDir, 'run', '.s.PGSQL.5432'))
    t.equal(first.connectionConfig.host, path.join(dataDir, 'run'))
    for (const name of ['.', 'run', 'pglite']) t.equal((await stat(path.join(dataDir, name))).mode & 0o777, 0o700, name)
  }
  await query(first, 'CREATE TABLE kept (word text)')
  await query(first, "INSERT INTO kept VALUES ('süß')")
  t.match(await readServerInfo(dataDir), { pid: process.pid, url: null })
  await first.describe({ url: 'http://127.0.0.1:8081' })
  t.match(await readServerInfo(dataDir), { url: 'http://127.0.0.1:8081' })
  await Promise.all([first.close(), first.close()])
  const left = (await readdir(dataDir)).filter((name) => name !== 'lock-key')
  t.same(left.sort(), UNIX ? ['pglite', 'run'] : ['pglite'])
  if (UNIX) t.same(await readdir(path.join(dataDir, 'run')), [])
  await t.rejects(query(first, 'SELECT 1'), { code: UNIX ? 'ENOENT' : 'ECONNREFUSED' })

  log.lines.length = 0
  const second = await startEmbeddedDatabase({ dataDir, log })
  t.same(
    log.lines.map(({ message }) => message),
    ['Embedded database started'],
  )
  t.same(await query(second, 'SELECT word FROM kept'), [{ word: 'süß' }])
  await second.close()
  t.same(
    log.lines.filter(({ level }) => level !== 'info'),
    [],
  )
})

t.test('one process at a time; a killed one is succeeded at once, with what it had committed', async (t) => {
  const dataDir = await dataDirectory(t)
  const { child, answer } = await startHolder(t, 'database', dataDir)
  t.same(answer, { holds: true })
  const IN_USE = {
    code: 'FST_MODEL_SYNC_DATA_DIRECTORY_IN_USE',
    message: new RegExp(`in use by process ${child.pid} on .*, since \\d{4}-`),
  }
  await t.rejects(startEmbeddedDatabase({ dataDir, log: keptLog() }), IN_USE)

  await kill(child)
  const file = path.join(dataDir, 'server.json')
  await writeFile(file, JSON.stringify({ ...JSON.parse(await readFile(file, 'utf8')), pid: process.pid }))
  const database = await startEmbeddedDatabase({ dataDir, log: keptLog() })
  t.same(await query(database, 'SELECT at FROM kept'), [{ at: 1 }], 'the open transaction is gone')
  await t.rejects(
    startEmbeddedDatabase({ dataDir, log: keptLog() }),
    { code: IN_USE.code, message: /process/ },
    'nor twice in one process',
  )
  t.same(await query(database, 'SELECT 1 AS one'), [{ one: 1 }], 'which does not disturb the first')
  await database.close()
})

t.test('a path over 100 bytes', { skip: !UNIX }, async (t) => {
  const dataDir = path.join(await temporaryDirectory(t), 'ü'.repeat(60))
  await mkdir(dataDir)
  await copyPgliteCluster(dataDir)
  const database = await startEmbeddedDatabase({ dataDir, log: keptLog() })
  const directory = database.connectionConfig.host ?? ''
  t.notOk(database.socketPath.startsWith(dataDir))
  t.equal((await stat(directory)).mode & 0o777, 0o700)
  t.same(await query(database, 'SELECT 1 AS one'), [{ one: 1 }])
  await database.close()
  t.notOk(existsSync(directory))
})

t.test('closing with a transaction open and statements waiting', async (t) => {
  const dataDir = await dataDirectory(t)
  const database = await startEmbeddedDatabase({ dataDir, log: keptLog() })
  await query(database, 'CREATE TABLE kept (at int)')
  const pool = new pg.Pool(database.connectionConfig)
  pool.on('error', () => undefined)
  const client = await pool.connect()
  client.on('error', () => undefined)
  await client.query('BEGIN')
  await client.query('INSERT INTO kept VALUES (1)')
  const waiting = t.rejects(pool.query('SELECT 1'))
  t.not(await within(5000, database.close()), 'waits', 'also for a connection that comes at that moment')
  await waiting
  client.release(true)
  await pool.end()

  const again = await startEmbeddedDatabase({ dataDir, log: keptLog() })
  t.same(await query(again, 'SELECT * FROM kept'), [])
  await again.close()
})

t.test('closing in the middle of a statement that takes hours, with connections coming in', async (t) => {
  const dataDir = await dataDirectory(t)
  const log = keptLog()
  const database = await startEmbeddedDatabase({ dataDir, log, closeLimitMs: 300 })
  await query(database, 'CREATE TABLE kept (at int)')
  const statement = t.rejects(query(database, 'SELECT count(*) FROM generate_series(1, 1000000000000)'))
  await delay(200)
  const waiting = Array.from({ length: 8 }, () => t.rejects(query(database, 'SELECT 1')))
  await delay(50)
  t.not(await within(5000, database.close()), 'waits', 'the process lives, on Node 20.19.0 as well')
  await Promise.all([statement, ...waiting])
  t.ok(log.says(/did not close in time and was stopped by force/))
  t.equal(await readServerInfo(dataDir), null)

  const again = await startEmbeddedDatabase({ dataDir, log })
  t.same(await query(again, 'SELECT * FROM kept'), [])
  await again.close()
})

t.test('a database that dies ends no process: an error in the log, connections that fail', async (t) => {
  const dataDir = await dataDirectory(t)
  const log = keptLog()
  const database = await startEmbeddedDatabase({ dataDir, log })
  await query(database, 'CREATE TABLE doomed (at int)')
  await rm(path.join(dataDir, 'pglite', 'pg_wal'), { recursive: true })
  const pool = new pg.Pool(database.connectionConfig)
  pool.on('error', () => undefined)
  // PostgreSQL panics when it can write its log no more, as on a full disk; PGlite alone would spin for ever.
  await pool.query('SELECT pg_switch_wal()').catch(() => undefined)
  t.not(
    await within(
      5000,
      pool.query('INSERT INTO doomed VALUES (1)').then(
        () => 'inserted',
        () => 'failed',
      ),
    ),
    'inserted',
  )
  await t.rejects(within(5000, pool.query('SELECT 1')))
  await pool.end()
  for (let waited = 0; waited < 5000 && !log.lines.some(({ level }) => level === 'error'); waited += 50) await delay(50)
  t.match(
    log.lines.filter(({ level }) => level === 'error'),
    [{ message: /has stopped/, details: { reason: /PANIC/ } }],
  )
  await t.rejects(query(database, 'SELECT 1'), { code: UNIX ? 'ENOENT' : 'ECONNREFUSED' })

  t.not(await within(30_000, database.close()), 'waits', 'also while it tries to start again')
  t.equal(await readServerInfo(dataDir), null)
})

t.test('a database that has died is started again, with what it had committed', async (t) => {
  const dataDir = await dataDirectory(t)
  const log = keptLog()
  const database = await startEmbeddedDatabase({ dataDir, log })
  const pool = new pg.Pool(database.connectionConfig)
  pool.on('error', () => undefined)
  await pool.query('CREATE TABLE kept (at int)')
  await pool.query('INSERT INTO kept VALUES (1)')
  const wal = path.join(dataDir, 'pglite', 'pg_wal')
  await rename(wal, `${wal}.away`)
  // Several at once, as in a host: each of them and each new connection may come while the thread ends.
  await pool.query('SELECT pg_switch_wal()').catch(() => undefined)
  await Promise.allSettled(Array.from({ length: 8 }, () => pool.query('INSERT INTO kept VALUES (2)')))
  await log.waitFor('The embedded database has stopped; starting it again')
  await log.waitFor('The embedded database does not start again yet; is the disk full?')
  await rename(`${wal}.away`, wal)
  await log.waitFor('The embedded database runs again')
  t.same((await pool.query('SELECT at FROM kept WHERE at = 1')).rows, [{ at: 1 }], 'through the same pool')
  await pool.end()
  await database.close()
})

const FULL_DISK = { skip: process.getuid?.() !== 0 && 'only root can mount a small disk' }

t.test('a full disk: it says so, and goes on by itself when there is room', FULL_DISK, async (t) => {
  const dataDir = await dataDirectory(t)
  const disk = path.join(dataDir, '..', 'disk')
  await mkdir(disk)
  const mounted = spawnSync('mount', ['-t', 'tmpfs', '-o', `size=${FULL_DISK_MB}m`, 'tmpfs', disk])
  if (mounted.status !== 0) {
    console.error(`SKIPPED: a full disk: no tmpfs can be mounted here (${String(mounted.stderr).trim()})`)
    return t.plan(0, 'no tmpfs can be mounted here')
  }
  t.teardown(() => spawnSync('umount', ['--lazy', disk]))
  await copyPgliteCluster(disk)
  const log = keptLog()
  const database = await startEmbeddedDatabase({ dataDir: disk, log })
  const pool = new pg.Pool(database.connectionConfig)
  pool.on('error', () => undefined)
  await pool.query('CREATE TABLE kept (word text)')
  await pool.query("INSERT INTO kept VALUES ('before')")
  const filler = path.join(disk, 'filler')
  spawnSync('dd', ['if=/dev/zero', `of=${filler}`, 'bs=64k'])
  // Each makes PostgreSQL begin another file of its log, which finds no room.
  for (let tries = 0; tries < 10 && !log.says(/has stopped/); tries += 1)
    for (const sql of ["INSERT INTO kept VALUES ('more')", 'SELECT pg_switch_wal()'])
      await within(
        5000,
        pool.query(sql).catch(() => undefined),
      )
  await log.waitFor('The embedded database has stopped; starting it again')
  await rm(filler)
  await log.waitFor('The embedded database runs again')
  t.same((await pool.query("SELECT word FROM kept WHERE word = 'before'")).rows, [{ word: 'before' }])
  await pool.query("INSERT INTO kept VALUES ('after')")
  await pool.end()
  await database.close()
})
