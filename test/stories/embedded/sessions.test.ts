/** Several connections on the one session of the embedded database: what each may see of the others. */
import { connect } from 'node:net'
import pg from 'pg'
import t, { type Test } from 'tap'
import { startEmbeddedDatabase } from '../../../src/embedded/embedded-database.js'
import { copyPgliteCluster } from '../../support/pglite-databases.js'
import { keptLog, temporaryDirectory, within } from '../../embedded/support.js'

const dataDir = await temporaryDirectory(t)
await copyPgliteCluster(dataDir)
const database = await startEmbeddedDatabase({ dataDir, log: keptLog() })
t.teardown(() => database.close())
const admin = new pg.Client(database.connectionConfig)
await admin.connect()
t.teardown(() => admin.end())
await admin.query('CREATE TABLE numbers (n int)')
t.beforeEach(() => admin.query('TRUNCATE numbers').then(() => undefined))

function pool(t: Test): pg.Pool {
  const pool = new pg.Pool(database.connectionConfig)
  pool.on('error', () => undefined)
  t.teardown(() => pool.end())
  return pool
}

async function checkOut(t: Test): Promise<{ client: pg.PoolClient; cut(): void }> {
  const client = await pool(t).connect()
  client.on('error', () => undefined)
  // As when its process is killed: the socket is gone, no word is said.
  const cut = () => {
    ;(client as unknown as { connection: { stream: { destroy(): void } } }).connection.stream.destroy()
    client.release(true)
  }
  return { client, cut }
}

const numbers = async () =>
  (await admin.query<{ n: number }>('SELECT n FROM numbers ORDER BY n')).rows.map(({ n }) => n)

t.test('a transaction keeps the others waiting, and they see it whole', async (t) => {
  const { client } = await checkOut(t)
  await client.query('BEGIN')
  await client.query('INSERT INTO numbers VALUES ($1)', [1])
  const seen = numbers()
  t.equal(await within(200, seen), 'waits')
  await client.query('INSERT INTO numbers VALUES ($1)', [2])
  t.equal(await within(100, seen), 'waits')
  await client.query('COMMIT')
  t.same(await within(2000, seen), [1, 2])
  client.release()
})

t.test('many transactions at once lose nothing', async (t) => {
  const clients = pool(t)
  await admin.query('INSERT INTO numbers VALUES (0)')
  await Promise.all(
    Array.from({ length: 40 }, async (_, i) => {
      const client = await clients.connect()
      await client.query('BEGIN')
      const { rows } = await client.query<{ n: number }>('SELECT n FROM numbers')
      await client.query('UPDATE numbers SET n = $1', [(rows[0]?.n ?? NaN) + 1])
      await client.query(i % 4 === 0 ? 'ROLLBACK' : 'COMMIT')
      client.release()
    }),
  )
  t.same(await numbers(), [30])
})

for (const [name, work] of [
  ['in a transaction', async (client: pg.PoolClient) => void (await client.query('INSERT INTO numbers VALUES (1)'))],
  [
    'in a transaction that has failed',
    async (client: pg.PoolClient) => void (await client.query('SELECT 1/0').catch(() => undefined)),
  ],
  [
    'in the middle of a statement',
    async (client: pg.PoolClient) =>
      void client.query('INSERT INTO numbers SELECT generate_series(1, 200000)').catch(() => undefined),
  ],
] as const) {
  t.test(`a connection lost ${name} is rolled back`, async (t) => {
    const { client, cut } = await checkOut(t)
    await client.query('BEGIN')
    await work(client)
    cut()
    t.same(await within(5000, numbers()), [])
    await admin.query('INSERT INTO numbers VALUES (7)')
    t.same(await numbers(), [7], 'and the next statement is no part of it')
  })
}

t.test('a connection lost while its BEGIN is on the way', async (t) => {
  for (let round = 0; round < 20; round++) {
    const { client, cut } = await checkOut(t)
    const begin = client.query('BEGIN').catch(() => undefined)
    if (round % 2 === 0) await new Promise((resolve) => setImmediate(resolve))
    cut()
    await begin
    t.same(await within(5000, numbers()), [])
  }
})

t.test('a client that says goodbye inside a transaction', async (t) => {
  const { client } = await checkOut(t)
  await client.query('BEGIN')
  await client.query('INSERT INTO numbers VALUES (1)')
  client.release(true)
  t.same(await within(5000, numbers()), [])
})

t.test('an extended query is one thing, however its messages come', async (t) => {
  const socket = await rawConnection(t)
  socket.write(message('P', '\0SELECT $1::text AS mine\0', [0, 0]))
  await socket.next()
  // Without the lock this statement would take the unnamed one's place.
  const other = admin.query<{ other: number }>('SELECT $1::int AS other', [5])
  t.equal(await within(200, other), 'waits')
  socket.write(
    Buffer.concat([
      message('B', '\0\0', [0, 0, 0, 1, 0, 0, 0, 4], 'text', [0, 0]),
      message('E', '\0', [0, 0, 0, 0]),
      message('S'),
    ]),
  )
  // The server may send each message of its answer on its own.
  let answer = ''
  while (!answer.includes('SELECT 1')) answer += String(await socket.next())
  t.match(answer, /text.*SELECT 1/s)
  t.same((await other).rows, [{ other: 5 }])
})

t.test('large parameters of several connections do not mix', async (t) => {
  const clients = pool(t)
  const results = await Promise.all(
    Array.from({ length: 60 }, async (_, i) => {
      if (i % 2 === 0) return (await clients.query<{ n: number }>('SELECT $1::int AS n', [i])).rows[0]?.n === i
      const text = String(i).padEnd(300_000, '-')
      const { rows } = await clients.query<{ a: string; b: number }>('SELECT $1::text AS a, $2::int AS b', [text, i])
      return rows[0]?.a === text && rows[0].b === i
    }),
  )
  t.same(new Set(results), new Set([true]))
})

t.test('a connection lost after an error in the middle of its query', async (t) => {
  const socket = await rawConnection(t)
  socket.write(message('P', '\0SELEC nonsense\0', [0, 0]))
  t.match(await socket.next(), /syntax error/)
  socket.destroy()
  t.same(await within(5000, numbers()), [], 'the next connection is heard')
})

t.test('more clients than connections take turns, and idle ones stay', async (t) => {
  const clients = pool(t)
  t.equal(clients.options.max, 10)
  const results = await Promise.all(
    Array.from({ length: 100 }, (_, i) => clients.query<{ n: number }>('SELECT $1::int AS n', [i])),
  )
  t.same(
    results.map(({ rows }) => rows[0]?.n),
    Array.from({ length: 100 }, (_, i) => i),
  )
  for (let round = 0; round < 10; round++) {
    const churn = new pg.Pool(database.connectionConfig)
    await Promise.all(Array.from({ length: 10 }, () => churn.query('SELECT 1')))
    await churn.end()
  }
  t.same(await numbers(), [])
})

t.test('the event loop goes on while a statement runs', async (t) => {
  let ticks = 0
  const timer = setInterval(() => ticks++, 10)
  const startedAt = performance.now()
  await admin.query('SELECT count(*) FROM generate_series(1, 500000) AS a(n) WHERE n % 7 = 0')
  clearInterval(timer)
  const ms = performance.now() - startedAt
  t.ok(ticks > ms / 40, `${ticks} ticks of 10 ms in ${Math.round(ms)} ms`)
})

function message(type: string, ...parts: (string | number[])[]): Buffer {
  const body = Buffer.concat(parts.map((part) => Buffer.from(part as string)))
  const header = Buffer.alloc(5)
  header.write(type)
  header.writeInt32BE(body.length + 4, 1)
  return Buffer.concat([header, body])
}

/** A connection that sends what it is told, when it is told. */
async function rawConnection(t: Test) {
  const { host = '', port = 0 } = database.connectionConfig
  const socket = process.platform === 'win32' ? connect(port, host) : connect(database.socketPath)
  t.teardown(() => void socket.destroy())
  const next = () => new Promise<string>((resolve) => socket.once('data', (data) => resolve(data.toString('latin1'))))
  const parameters = Buffer.from('user\0postgres\0\0')
  const header = Buffer.alloc(8)
  header.writeInt32BE(parameters.length + 8, 0)
  header.writeInt32BE(0x30000, 4)
  socket.write(Buffer.concat([header, parameters]))
  await next()
  return { write: (data: Buffer) => void socket.write(data), next, destroy: () => void socket.destroy() }
}
