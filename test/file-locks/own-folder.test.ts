/** A data directory that others may write: our files lie in a folder of our own inside it, and nothing is refused for its mode. */
import { chmod, chown, mkdir, mkdtemp, readFile, rm, stat, symlink, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import path from 'node:path'
import t, { type Test } from 'tap'
import { lockDataDirectory } from '../../src/embedded/data-directory-lock.js'
import { prepareClusterFolder } from '../../src/embedded/cluster-folder.js'
import { readServerInfo } from '../../src/embedded/server-info.js'
import { openOwnFolder } from '../../src/file-locks/own-folder.js'
import { readAdminToken } from '../../src/server/admin-token.js'

if (process.platform === 'win32') t.bailout('no modes here')

async function folder(t: Test, mode: number): Promise<string> {
  const dataDir = await mkdtemp(path.join(tmpdir(), 'own-'))
  t.teardown(() => rm(dataDir, { recursive: true, force: true }))
  await chmod(dataDir, mode)
  return dataDir
}
const modeOf = async (file: string): Promise<number> => (await stat(file)).mode & 0o777

function kept() {
  const lines: { facts: object; message: string }[] = []
  return { lines, warn: (facts: object, message: string) => void lines.push({ facts, message }) }
}

t.test('emptyDir (0777), fsGroup (2775), /tmp (1777)', async (t) => {
  for (const mode of [0o777, 0o2775, 0o1777, 0o2770, 0o722]) {
    const dataDir = await folder(t, mode)
    const { lines, warn } = kept()
    const inside = path.join(dataDir, 'model-sync')
    const first = await readAdminToken({ dataDir }, warn)
    t.match(first, { generated: true, file: path.join(inside, 'admin-token') })
    const lock = await lockDataDirectory(dataDir, { warn })
    t.equal(path.basename(lock.dataDir), 'model-sync')
    t.match(await readServerInfo(dataDir), { pid: process.pid }, 'who asks for the data directory finds it')
    await t.rejects(lockDataDirectory(dataDir), { code: 'FST_MODEL_SYNC_DATA_DIRECTORY_IN_USE' })
    await lock.release()
    t.equal(await modeOf(inside), 0o700)
    t.match(lines, [{ facts: { dataDir, folder: inside }, message: /Other users may write the data directory/ }])
    t.equal(lines.length, 1, 'one line')

    // As the kubelet does for fsGroup at each start of a pod.
    await chmod(inside, 0o2770)
    await chmod(path.join(inside, 'admin-token'), 0o660)
    t.match(await readAdminToken({ dataDir }, warn), { token: first.token, generated: false })
    t.equal(await modeOf(inside), 0o700)
    t.equal(await modeOf(path.join(inside, 'admin-token')), 0o600)
  }
})

t.test('one that others may only read stays as it is', async (t) => {
  for (const mode of [0o755, 0o700, 0o750]) {
    const dataDir = await folder(t, mode)
    const { lines, warn } = kept()
    t.strictSame(await openOwnFolder(dataDir, warn), { path: dataDir, shared: null })
    t.strictSame(lines, [])
    t.equal(await modeOf(dataDir), mode)
  }
})

t.test('a token that lies in the shared folder itself', async (t) => {
  const dataDir = await folder(t, 0o777)
  const { lines, warn } = kept()
  const shared = path.join(dataDir, 'admin-token')
  await writeFile(shared, 'a-token-of-somebody\n')
  await chmod(shared, 0o660)
  const made = await readAdminToken({ dataDir }, warn)
  t.match(made, { generated: true, file: path.join(dataDir, 'model-sync', 'admin-token') })
  t.not(made.token, 'a-token-of-somebody')
  t.match(lines[1]?.message, /is not believed: other users may.*A new token is in .*Remove .*or set ADMIN_TOKEN/)
  t.equal(lines.length, 2)

  const closed = await folder(t, 0o777)
  await writeFile(path.join(closed, 'admin-token'), 'a-token-of-ours-alone\n', { mode: 0o600 })
  const taken = await readAdminToken({ dataDir: closed }, warn)
  t.match(taken, { token: 'a-token-of-ours-alone', generated: false }, 'one that nobody else could write goes on')
  t.equal(await readFile(taken.file!, 'utf8'), 'a-token-of-ours-alone\n')
})

t.test('a database that is there already moves in, unless it is in use', async (t) => {
  const dataDir = await folder(t, 0o700)
  await mkdir(path.join(dataDir, 'pglite'))
  await writeFile(path.join(dataDir, 'pglite', 'PG_VERSION'), '18')
  const holder = await lockDataDirectory(dataDir)
  await chmod(dataDir, 0o770)
  const lock = await lockDataDirectory(dataDir)
  await t.rejects(prepareClusterFolder(lock.dataDir, lock.shared), { code: 'FST_MODEL_SYNC_DATA_DIRECTORY_IN_USE' })
  await holder.release()
  t.match(await prepareClusterFolder(lock.dataDir, lock.shared), { isNew: false })
  t.equal(await readFile(path.join(dataDir, 'model-sync', 'pglite', 'PG_VERSION'), 'utf8'), '18')
  await lock.release()
})

t.test('what somebody else has put in its place is not entered', async (t) => {
  const elsewhere = await folder(t, 0o700)
  const linked = await folder(t, 0o777)
  await symlink(elsewhere, path.join(linked, 'model-sync'))
  const file = await folder(t, 0o777)
  await writeFile(path.join(file, 'model-sync'), '')
  for (const dataDir of [linked, file]) {
    await t.rejects(readAdminToken({ dataDir }), { code: 'FST_MODEL_SYNC_OPTIONS', message: /is no folder.*remove it/ })
    await t.rejects(lockDataDirectory(dataDir), { code: 'FST_MODEL_SYNC_DATABASE', message: /is no folder/ })
  }
  if (process.getuid?.() !== 0) return
  const foreign = await folder(t, 0o777)
  await mkdir(path.join(foreign, 'model-sync'), { mode: 0o700 })
  await chown(path.join(foreign, 'model-sync'), 12_345, 12_345)
  await t.rejects(readAdminToken({ dataDir: foreign }), { message: /belongs to user 12345/ })
})
