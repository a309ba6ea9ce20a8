/** The lock on a file: one holder at a time, and free at once when its holder is killed. */
import { fork } from 'node:child_process'
import { once } from 'node:events'
import { existsSync } from 'node:fs'
import { lstat, mkdir, mkdtemp, readdir, readFile, realpath, rm, writeFile } from 'node:fs/promises'
import { createServer } from 'node:net'
import { tmpdir } from 'node:os'
import path from 'node:path'
import t, { type Test } from 'tap'
import { program } from '../support/program.js'
import { lockFile } from '../../src/file-locks/file-lock.js'

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
