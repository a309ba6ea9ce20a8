/** The lock on a data directory: exclusive between processes, gone with its process, and blind to process ids. */
import { existsSync } from 'node:fs'
import { mkdir, readdir, readFile, stat, symlink, writeFile } from 'node:fs/promises'
import { createServer } from 'node:net'
import path from 'node:path'
import t from 'tap'
import { lockDataDirectory } from '../../src/embedded/data-directory-lock.js'
import { readServerInfo, type ServerInfo } from '../../src/embedded/server-info.js'
import { kill, startHolder, temporaryDirectory } from './support.js'

const IN_USE = { code: 'FST_MODEL_SYNC_DATA_DIRECTORY_IN_USE' }
const KERNEL_NAMES = ['linux', 'win32'].includes(process.platform)
const UNIX = process.platform !== 'win32'
const KEY = 'lock-key'

const read = async (dataDir: string) =>
  JSON.parse(await readFile(path.join(dataDir, 'server.json'), 'utf8')) as ServerInfo

t.test('makes the directory, says who holds it, and leaves nothing of its own', async (t) => {
  const dataDir = path.join(await temporaryDirectory(t), 'some', 'data')
  const lock = await lockDataDirectory(dataDir)
  t.match(await readServerInfo(dataDir), {
    pid: process.pid,
    startedAt: /^\d{4}-.*Z$/,
    url: null,
    socketPath: lock.socketPath,
  })
  if (UNIX) {
    t.equal((await stat(dataDir)).mode & 0o777, 0o700)
    t.equal((await stat(path.dirname(lock.socketPath ?? ''))).mode & 0o777, 0o700)
    t.equal((await stat(path.join(dataDir, 'server.json'))).mode & 0o777, 0o600)
  }
  await lock.describe({ url: 'http://127.0.0.1:8081' })
  t.equal((await readServerInfo(dataDir))?.url, 'http://127.0.0.1:8081')
  if (UNIX) t.equal((await stat(path.join(dataDir, 'server.json'))).mode & 0o777, 0o600)

  await lock.release()
  await lock.release()
  t.equal(await readServerInfo(dataDir), null)
  t.same(await readdir(dataDir), [...(KERNEL_NAMES ? [KEY] : []), ...(UNIX ? ['run'] : [])])
  if (UNIX) t.same(await readdir(path.join(dataDir, 'run')), [])
})

t.test('refuses the same process, by whatever path it comes', async (t) => {
  const dataDir = await temporaryDirectory(t)
  const lock = await lockDataDirectory(dataDir)
  await lock.describe({ url: 'http://127.0.0.1:9999' })
  await t.rejects(lockDataDirectory(dataDir), {
    ...IN_USE,
    message: new RegExp(
      `^The data directory .* is in use by process ${process.pid} on .*, since \\d{4}-.*, which serves http://127.0.0.1:9999\\. .*MODEL_SYNC_DATA_DIR`,
    ),
  })
  if (UNIX) {
    const other = path.join(await temporaryDirectory(t), 'link')
    await symlink(dataDir, other)
    await t.rejects(lockDataDirectory(other), IN_USE)
  }
  t.match(await readServerInfo(dataDir), { pid: process.pid }, 'the refused one has not touched the file')
  await lock.release()
  await (await lockDataDirectory(dataDir)).release()
})

// Where the kernel frees a name with its process; with the socket in the file system alone there is a moment in which two may both win.
t.test(
  'of many that start at once after a killed one, one gets it',
  { skip: !KERNEL_NAMES && 'no such names here' },
  async (t) => {
    for (let round = 0; round < 10; round++) {
      const dataDir = await temporaryDirectory(t)
      const abandoned = {
        pid: 1,
        host: 'x',
        startedAt: '',
        lockSocket: path.join(dataDir, 'run', 'lock-dead'),
        socketPath: null,
        url: null,
      }
      await writeFile(path.join(dataDir, 'server.json'), JSON.stringify(abandoned))
      const results = await Promise.allSettled(Array.from({ length: 12 }, () => lockDataDirectory(dataDir)))
      const locks = results.filter((result) => result.status === 'fulfilled')
      t.equal(locks.length, 1)
      for (const result of results) if (result.status === 'rejected') t.match(result.reason, IN_USE)
      await t.rejects(lockDataDirectory(dataDir), IN_USE)
      await locks[0]?.value.release()
      t.same(
        (await readdir(dataDir)).filter((name) => name !== 'run' && name !== KEY),
        [],
      )
    }
  },
)

t.test('another process holds it until it is killed; its id proves nothing', async (t) => {
  const dataDir = await temporaryDirectory(t)
  const { child, answer } = await startHolder(t, 'lock', dataDir)
  t.same(answer, { holds: true })
  await t.rejects(lockDataDirectory(dataDir), { ...IN_USE, message: new RegExp(`process ${child.pid} on`) })
  t.match(await readServerInfo(dataDir), { pid: child.pid })

  await kill(child)
  t.equal((await read(dataDir)).pid, child.pid, 'the killed process has left its file')
  t.equal(await readServerInfo(dataDir), null, 'which nobody is taken in by')
  // As in a container, where every process is number 1: the dead holder's id is that of a living process, even our own.
  await writeFile(path.join(dataDir, 'server.json'), JSON.stringify({ ...(await read(dataDir)), pid: process.pid }))

  const lock = await lockDataDirectory(dataDir)
  t.equal((await readServerInfo(dataDir))?.lockSocket, (await read(dataDir)).lockSocket)
  if (UNIX) t.equal((await readdir(path.join(dataDir, 'run'))).length, 1, 'the dead socket is gone')
  await lock.release()
})

t.test('a process that tries is told who holds it', async (t) => {
  const dataDir = await temporaryDirectory(t)
  const lock = await lockDataDirectory(dataDir)
  const { answer } = await startHolder(t, 'lock', dataDir)
  t.match(answer, { holds: false, ...IN_USE, message: new RegExp(`process ${process.pid} on`) })
  await lock.release()
})

t.test('a holder that no kernel name reaches (another container on the volume)', { skip: !UNIX }, async (t) => {
  const dataDir = await temporaryDirectory(t)
  await mkdir(path.join(dataDir, 'run'))
  const lockSocket = path.join(dataDir, 'run', 'lock-elsewhere')
  const holder = createServer((connection) => connection.destroy())
  await new Promise<void>((resolve) => holder.listen(lockSocket, resolve))
  const info = { pid: 1, host: 'other', startedAt: '2026-01-01T00:00:00.000Z', lockSocket, socketPath: null, url: null }
  await writeFile(path.join(dataDir, 'server.json'), JSON.stringify(info))
  await t.rejects(lockDataDirectory(dataDir), {
    ...IN_USE,
    message: /process 1 on other, since 2026-01-01T00:00:00.000Z\./,
  })
  t.same(await read(dataDir), info)
  t.ok(existsSync(lockSocket), 'its socket is left alone')

  await new Promise((resolve) => holder.close(resolve))
  await (await lockDataDirectory(dataDir)).release()
})

t.test('a file that is cut off or of another kind is replaced', async (t) => {
  const dataDir = await temporaryDirectory(t)
  for (const text of ['', '{"pid": 1', 'null', '[]', '{}']) {
    await writeFile(path.join(dataDir, 'server.json'), text)
    const lock = await lockDataDirectory(dataDir)
    t.match(await readServerInfo(dataDir), { pid: process.pid })
    await lock.release()
  }
})

t.test('a data directory that cannot be made', async (t) => {
  const file = path.join(await temporaryDirectory(t), 'file')
  await writeFile(file, '')
  await t.rejects(lockDataDirectory(path.join(file, 'data')), {
    code: 'FST_MODEL_SYNC_DATABASE',
    message: /file.data cannot be used \(ENOTDIR.*MODEL_SYNC_DATA_DIR/,
  })
})

t.test('long paths', { skip: !UNIX }, async (t) => {
  const dataDir = path.join(await temporaryDirectory(t), 'x'.repeat(120))

  t.test('the sockets lie in a fresh 0700 directory, removed on release', async (t) => {
    const lock = await lockDataDirectory(dataDir)
    const directory = path.dirname(lock.socketPath ?? '')
    t.notOk(directory.startsWith(dataDir))
    t.ok(Buffer.byteLength(lock.socketPath ?? '') <= 100)
    t.equal((await stat(directory)).mode & 0o777, 0o700)
    await t.rejects(lockDataDirectory(dataDir), IN_USE)
    await lock.release()
    t.notOk(existsSync(directory))
  })

  t.test('that of a killed process is removed by the next one', async (t) => {
    const { child } = await startHolder(t, 'lock', dataDir)
    await kill(child)
    const abandoned = path.dirname((await read(dataDir)).lockSocket)
    t.ok(existsSync(abandoned))
    const lock = await lockDataDirectory(dataDir)
    t.notOk(existsSync(abandoned))
    await lock.release()
  })

  t.test('a temporary directory that is too long as well', async (t) => {
    const before = process.env.TMPDIR
    process.env.TMPDIR = path.join(await temporaryDirectory(t), 'y'.repeat(120))
    t.teardown(() => {
      if (before === undefined) delete process.env.TMPDIR
      else process.env.TMPDIR = before
    })
    await mkdir(process.env.TMPDIR)
    await t.rejects(lockDataDirectory(dataDir), {
      code: 'FST_MODEL_SYNC_DATABASE',
      message: /at most 100 bytes.*TMPDIR/,
    })
    t.same(await readdir(process.env.TMPDIR), [])
  })
})

t.test('the longest path that still fits is used', { skip: !UNIX }, async (t) => {
  const parent = await temporaryDirectory(t)
  const room = 100 - Buffer.byteLength(path.join(parent, '/run/.s.PGSQL.5432')) - 1
  for (const [length, inside] of [
    [room, true],
    [room + 1, false],
  ] as const) {
    const lock = await lockDataDirectory(path.join(parent, 'é'.repeat(length / 2) + 'x'.repeat(length % 2)))
    t.equal(lock.socketPath?.startsWith(parent), inside)
    await lock.release()
  }
})
