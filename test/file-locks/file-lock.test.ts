/** The lock on a file: one holder at a time, and free at once when its holder is killed. */
import { fork } from 'node:child_process'
import { createHash } from 'node:crypto'
import { once } from 'node:events'
import { existsSync } from 'node:fs'
import {
  chown,
  lstat,
  mkdir,
  mkdtemp,
  readdir,
  readFile,
  realpath,
  rm,
  stat,
  symlink,
  writeFile,
} from 'node:fs/promises'
import { createServer } from 'node:net'
import { tmpdir } from 'node:os'
import path from 'node:path'
import t, { type Test } from 'tap'
import { program } from '../support/program.js'
import { lockFile } from '../../src/file-locks/file-lock.js'
import { kernelLockName } from '../../src/file-locks/lock-socket.js'

const UNIX = process.platform !== 'win32'

async function folder(t: Pick<Test, 'teardown'>): Promise<string> {
  // Short, since a socket's path must be.
  const made = await realpath(await mkdtemp(path.join(tmpdir().length < 40 ? tmpdir() : '/tmp', 'lock-')))
  t.teardown(() => rm(made, { recursive: true, force: true }))
  return made
}

t.test('one at a time, in this process too, and nothing is left', async (t) => {
  const file = path.join(await folder(t), 'models.json')
  let inside = 0
  let most = 0
  await Promise.all(
    Array.from({ length: 12 }, async () => {
      const lock = await lockFile(file, { waitMs: 10_000 })
      most = Math.max(most, ++inside)
      await new Promise((resolve) => setTimeout(resolve, 2))
      inside -= 1
      await lock.release()
    }),
  )
  t.equal(most, 1)
  t.strictSame(await readdir(path.dirname(file)), [])
})

t.test('another file of the folder has a lock of its own', async (t) => {
  const dir = await folder(t)
  const one = await lockFile(path.join(dir, 'a.json'), { waitMs: 0 })
  const two = await lockFile(path.join(dir, 'b.json'), { waitMs: 0 })
  await one.release()
  await two.release()
})

t.test('who waits in vain is told so', async (t) => {
  const file = path.join(await folder(t), 'models.json')
  const lock = await lockFile(file, { waitMs: 0 })
  if (UNIX) t.ok((await lstat(`${file}.lock`)).isSocket(), 'the lock file is there')
  await t.rejects(lockFile(file, { waitMs: 60 }), { code: 'FST_MODEL_SYNC_FILE_LOCKED', message: /for 60 ms/ })
  await lock.release()
  await (await lockFile(file, { waitMs: 0 })).release()
})

t.test('another process, and at once after it was killed', async (t) => {
  const file = path.join(await folder(t), 'models.json')
  const holder = program(new URL('./lock-holder.js', import.meta.url))
  const child = fork(holder.file, [file], {
    execArgv: holder.execArgv,
    env: { ...process.env, NODE_OPTIONS: '' },
  })
  t.teardown(() => child.kill('SIGKILL'))
  await once(child, 'message')
  await t.rejects(lockFile(file, { waitMs: 50 }), { code: 'FST_MODEL_SYNC_FILE_LOCKED' })
  const exited = once(child, 'exit')
  child.kill('SIGKILL')
  await exited
  if (UNIX) t.ok(existsSync(`${file}.lock`), 'it has left its lock file')
  await (await lockFile(file, { waitMs: 0 })).release()
  t.strictSame(await readdir(path.dirname(file)), [])
})

t.test(
  'a socket in which somebody listens holds, as from a container that shares the folder alone',
  { skip: !UNIX },
  async (t) => {
    const file = path.join(await folder(t), 'models.json')
    const holder = createServer().listen(`${file}.lock`)
    await once(holder, 'listening')
    await t.rejects(lockFile(file, { waitMs: 50 }), { code: 'FST_MODEL_SYNC_FILE_LOCKED' })
    await new Promise((resolve) => holder.close(resolve))
    await (await lockFile(file, { waitMs: 0 })).release()
  },
)

t.test('a file of somebody else in its place is left alone', { skip: !UNIX }, async (t) => {
  const file = path.join(await folder(t), 'models.json')
  await writeFile(`${file}.lock`, 'mine')
  await t.rejects(lockFile(file, { waitMs: 0 }), { code: 'FST_MODEL_SYNC_FILE_LOCKED', message: /move it away/ })
  t.equal(await readFile(`${file}.lock`, 'utf8'), 'mine')
})

t.test('a path too long for a socket', { skip: process.platform !== 'linux' }, async (t) => {
  const dir = path.join(await folder(t), 'x'.repeat(120))
  await mkdir(dir)
  const file = path.join(dir, 'models.json')
  const lock = await lockFile(file, { waitMs: 0 })
  t.strictSame(await readdir(dir), [])
  await t.rejects(lockFile(file, { waitMs: 30 }), { code: 'FST_MODEL_SYNC_FILE_LOCKED' })
  await lock.release()
})

/** Where the keys lie, of a directory and of a file, with a temporary directory of this test's own. */
async function keysOf(t: Test, dir: string): Promise<{ temporary: string; keys: string[] }> {
  const made = await folder(t)
  const before = process.env.TMPDIR
  process.env.TMPDIR = made
  t.teardown(() => {
    if (before === undefined) delete process.env.TMPDIR
    else process.env.TMPDIR = before
  })
  const temporary = path.join(made, `model-sync-locks-${process.getuid?.()}`)
  return { temporary, keys: [path.join(dir, 'lock-key'), path.join(temporary, 'lock-key')] }
}
const NAMED = [undefined, 'models.json']

t.test('nobody else can make the name of the lock', { skip: process.platform !== 'linux' }, async (t) => {
  const dir = await folder(t)
  const { temporary, keys } = await keysOf(t, dir)
  const { dev, ino } = await stat(dir, { bigint: true })
  for (const [index, file] of NAMED.entries()) {
    const name = await kernelLockName(dir, file)
    t.match(name, /^\0fastify-model-sync:[0-9a-f]{64}$/)
    t.equal((await lstat(keys[index]!)).mode & 0o777, 0o600)
    t.equal(await kernelLockName(dir, file), name)
    for (const known of [`${dev}:${ino}:models.json`, `${dev}:${ino}`])
      t.notOk(name?.includes(createHash('sha256').update(known).digest('hex')), 'not made of what everybody sees')
    await rm(keys[index]!)
    const made = await Promise.all(Array.from({ length: 8 }, () => kernelLockName(dir, file)))
    t.equal(new Set(made).size, 1, 'of many that make the key at once one wins')
    t.not(made[0], name, 'another key makes another name')
  }
  t.equal((await lstat(temporary)).mode & 0o777, 0o700)
})

t.test('a key that somebody else has put there is not used', { skip: process.platform !== 'linux' }, async (t) => {
  const dir = await folder(t)
  const { temporary, keys } = await keysOf(t, dir)
  const elsewhere = path.join(await folder(t), 'lock-key')
  await writeFile(elsewhere, 'x'.repeat(43))
  await mkdir(temporary)
  for (const [index, file] of NAMED.entries()) {
    await symlink(elsewhere, keys[index]!)
    t.equal(await kernelLockName(dir, file), null, 'a link')
    await rm(keys[index]!)
    if (process.getuid?.() !== 0) continue
    await writeFile(keys[index]!, 'x'.repeat(43), { mode: 0o644 })
    await chown(keys[index]!, 12_345, 12_345)
    t.equal(await kernelLockName(dir, file), null, 'of another user')
  }
  await rm(temporary, { recursive: true })
  await symlink(path.dirname(elsewhere), temporary)
  t.equal(await kernelLockName(dir, 'models.json'), null, 'a link in place of the folder')
  // The socket beside the file still lets one in at a time.
  const file = path.join(dir, 'models.json')
  const lock = await lockFile(file, { waitMs: 0 })
  await t.rejects(lockFile(file, { waitMs: 30 }), { code: 'FST_MODEL_SYNC_FILE_LOCKED' })
  await lock.release()
})
