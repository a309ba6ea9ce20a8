/** Folders are made with those above them, and where none can be made the answer comes at once. */
import { existsSync } from 'node:fs'
import { mkdir, mkdtemp, rm, stat, symlink, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import path from 'node:path'
import t from 'tap'
import { lockDataDirectory } from '../../src/embedded/data-directory-lock.js'
import { makeFolder } from '../../src/file-locks/make-folder.js'
import { readAdminToken } from '../../src/server/admin-token.js'

const root = await mkdtemp(path.join(tmpdir(), 'model-sync-folders-'))
t.teardown(() => rm(root, { recursive: true, force: true }))

t.test('those that are missing get the mode, those that are there keep theirs', async (t) => {
  await mkdir(path.join(root, 'there'), { mode: 0o755 })
  const folder = path.join(root, 'there', 'a', 'b')
  await Promise.all([makeFolder(folder, 0o700), makeFolder(folder, 0o700)])
  t.equal((await stat(folder)).mode & 0o777, 0o700)
  t.equal((await stat(path.dirname(folder))).mode & 0o777, 0o700)
  t.equal((await stat(path.join(root, 'there'))).mode & 0o777, 0o755)
  await makeFolder('/', 0o700)
  await symlink(folder, path.join(root, 'link'))
  await makeFolder(path.join(root, 'link', 'c'), 0o700)
  t.ok(existsSync(path.join(folder, 'c')))
})

t.test('a data directory that cannot be', { timeout: 20_000 }, async (t) => {
  const file = path.join(root, 'file')
  await writeFile(file, '')
  await symlink(path.join(root, 'nowhere'), path.join(root, 'dangling'))
  const places = [file, path.join(file, 'below'), path.join(root, 'dangling'), '/proc/model-sync', '/sys/model-sync/x']
  for (const dataDir of places.filter((place) => !place.startsWith('/') || existsSync(`/${place.split('/')[1]}`))) {
    const unusable = new RegExp(`data directory .* cannot be used \\(.*MODEL_SYNC_DATA_DIR`, 's')
    await t.rejects(readAdminToken({ dataDir }), { code: 'FST_MODEL_SYNC_OPTIONS', message: unusable }, dataDir)
    await t.rejects(lockDataDirectory(dataDir), { code: 'FST_MODEL_SYNC_DATABASE', message: unusable }, dataDir)
  }
})
