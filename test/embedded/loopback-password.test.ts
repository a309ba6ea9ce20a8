/** The embedded database on a loopback port, as on Windows: nothing of it is reached without the password. */
import { connect } from 'node:net'
import t from 'tap'
import pg from 'pg'
import { startPgliteWorker } from '../../src/embedded/pglite-thread.js'
import { dataDirectory } from './support.js'

const PASSWORD = 'a-password-of-this-process'
const clusterDir = `${await dataDirectory(t)}/pglite`
const worker = await startPgliteWorker(
  { clusterDir, socketPath: null, port: 0, password: PASSWORD, maxConnections: 32 },
  (reason) => t.fail(reason),
)
t.teardown(() => worker.close())
const port = worker.port!

async function ask(password: string | undefined): Promise<unknown> {
  const client = new pg.Client({
    host: '127.0.0.1',
    port,
    user: 'postgres',
    database: 'postgres',
    ssl: false,
    password,
  })
  client.on('error', () => undefined)
  await client.connect()
  try {
    return (await client.query('SELECT 1 + 1 AS two')).rows
  } finally {
    await client.end()
  }
}

/** What the port answers to these bytes before it closes or falls silent. */
async function say(...messages: Buffer[]): Promise<string> {
  const socket = connect(port, '127.0.0.1')
  let answer = ''
  socket.on('data', (data) => (answer += data.toString('latin1'))).on('error', () => undefined)
  for (const message of messages) socket.write(message)
  await new Promise((resolve) => {
    socket.once('close', resolve)
    setTimeout(resolve, 300)
  })
  socket.destroy()
  return answer
}

function startup(code: number): Buffer {
  const names = Buffer.from('user\0postgres\0database\0postgres\0\0')
  const front = Buffer.alloc(8)
  front.writeInt32BE(8 + names.length, 0)
  front.writeInt32BE(code, 4)
  return Buffer.concat([front, names])
}

function message(type: string, text: string): Buffer {
  const front = Buffer.alloc(5)
  front.write(type)
  front.writeInt32BE(4 + text.length + 1, 1)
  return Buffer.concat([front, Buffer.from(`${text}\0`)])
}

t.test('with the password, also in many connections, and in pieces', async (t) => {
  const answers = await Promise.all(Array.from({ length: 8 }, () => ask(PASSWORD)))
  for (const answer of answers) t.strictSame(answer, [{ two: 2 }])
  const all = Buffer.concat([startup(3 << 16), message('p', PASSWORD), message('Q', "SELECT 'let in' AS text")])
  t.match(await say(...[...all].map((byte) => Buffer.of(byte))), /let in/)
})

t.test('with another one, or none', async (t) => {
  for (const password of ['', 'another', `${PASSWORD}x`, PASSWORD.slice(1)])
    await t.rejects(ask(password), { code: '28P01' }, password)
  await t.rejects(ask(undefined))
  const query = message('Q', "SELECT 'let in' AS text")
  const ssl = Buffer.from([0, 0, 0, 8, 4, 210, 22, 47])
  for (const [name, messages] of [
    ['a query in place of it', [startup(3 << 16), query]],
    ['a wrong one, then a query', [startup(3 << 16), message('p', 'x'), query]],
    ['a query alone', [query]],
    ['another protocol', [startup(2 << 16), query]],
    ['TLS is not offered, and the password is asked for', [ssl, startup(3 << 16), query]],
    ['a length without end', [Buffer.from([127, 255, 255, 255, 0, 3, 0, 0])]],
    ['a length of nothing', [Buffer.alloc(8)]],
    ['no protocol', [Buffer.from('GET / HTTP/1.1\r\n\r\n'.repeat(2000))]],
  ] as const)
    t.notMatch(await say(...messages), /let in/, name)
  t.strictSame(await ask(PASSWORD), [{ two: 2 }], 'the others go on')
})
