/** The snapshot of direct mode in a folder that others may write. */
import { chmod, chown, mkdtemp, readFile, rm, stat, symlink, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import path from 'node:path'
import t from 'tap'
import { readSnapshot, writeSnapshot } from '../../../src/services/names/active-models-snapshot.js'

const SNAPSHOT = { url: 'http://x', etag: null, savedAt: 1, body: '[]' }

t.test('a snapshot is ours alone', { skip: process.platform === 'win32' }, async (t) => {
  const folder = await mkdtemp(path.join(tmpdir(), 'model-sync-snapshot-'))
  t.teardown(() => rm(folder, { recursive: true, force: true }))
  const file = path.join(folder, 'models.json')
  t.equal(await readSnapshot(file, 'http://x'), null)
  await writeSnapshot(file, SNAPSHOT)
  t.equal((await stat(file)).mode & 0o777, 0o600)
  t.strictSame(await readSnapshot(file, 'http://x'), SNAPSHOT)
  for (const mode of [0o666, 0o620]) {
    await chmod(file, mode)
    await t.rejects(readSnapshot(file, 'http://x'), { message: /others may write it/ })
  }
  await chmod(file, 0o600)
  if (process.getuid?.() === 0) {
    await chown(file, 12_345, 12_345)
    await t.rejects(readSnapshot(file, 'http://x'), { message: /belongs to user 12345/ })
    await t.rejects(writeSnapshot(file, SNAPSHOT), { message: /belongs to user 12345/ })
  }
  await rm(file)
  const precious = path.join(folder, 'precious')
  await writeFile(precious, 'mine', { mode: 0o600 })
  await symlink(precious, file)
  await t.rejects(readSnapshot(file, 'http://x'), { message: /symbolic link/ })
  await t.rejects(writeSnapshot(file, SNAPSHOT), { message: /symbolic link/ })
  t.equal(await readFile(precious, 'utf8'), 'mine', 'nothing is written through a link')
})
