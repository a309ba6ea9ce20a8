/** The admin token's file: made whole and once, and believed only where nobody else can have written or read it. */
import { chmod, chown, mkdtemp, readdir, rm, stat, symlink, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import path from 'node:path'
import t, { type Test } from 'tap'
import { readAdminToken } from '../../src/server/admin-token.js'

async function folder(t: Test): Promise<string> {
  const dataDir = await mkdtemp(path.join(tmpdir(), 'model-sync-token-'))
  t.teardown(() => rm(dataDir, { recursive: true, force: true }))
  return dataDir
}

t.test('several that start together share one token, and nothing lies beside it', async (t) => {
  const dataDir = await folder(t)
  const found = await Promise.all(Array.from({ length: 8 }, () => readAdminToken({ dataDir })))
  t.equal(new Set(found.map(({ token }) => token)).size, 1)
  t.equal(found.filter(({ generated }) => generated).length, 1)
  t.strictSame(await readdir(dataDir), ['admin-token'])
  t.equal((await stat(path.join(dataDir, 'admin-token'))).mode & 0o777, 0o600)
})

t.test('a file that others can read, write or have put there', { skip: process.platform === 'win32' }, async (t) => {
  const dataDir = await folder(t)
  const file = path.join(dataDir, 'admin-token')
  await writeFile(file, 'a-token-of-somebody\n', { mode: 0o600 })
  t.match(await readAdminToken({ dataDir }), { token: 'a-token-of-somebody', generated: false })
  for (const mode of [0o644, 0o660, 0o602]) {
    await chmod(file, mode)
    await t.rejects(readAdminToken({ dataDir }), { message: /other users may read or write it.*chmod 600/ })
  }
  await chmod(file, 0o600)
  if (process.getuid?.() === 0) {
    await chown(file, 12_345, 12_345)
    await t.rejects(readAdminToken({ dataDir }), { message: /belongs to user 12345/ })
  }
  await rm(file)
  for (const target of ['elsewhere', 'nowhere']) {
    if (target === 'elsewhere') await writeFile(path.join(dataDir, target), 'a-token-of-somebody\n', { mode: 0o600 })
    await symlink(path.join(dataDir, target), file)
    await t.rejects(readAdminToken({ dataDir }), { message: /it is a symbolic link/ })
    await rm(file)
  }
})

t.test('a file that somebody has filled with what is no token', async (t) => {
  const dataDir = await folder(t)
  const file = path.join(dataDir, 'admin-token')
  for (const text of [
    'too-short',
    'at-least-16-characters',
    '0'.repeat(32),
    'a-token-in-a-line\nand-another',
    'ein-schlüssel-für-alle',
  ]) {
    await writeFile(file, `${text}\n`, { mode: 0o600 })
    const error = await readAdminToken({ dataDir }).then(
      () => null,
      (thrown: Error) => thrown,
    )
    t.match(error, { code: 'FST_MODEL_SYNC_OPTIONS', message: /holds no token of at least 16 ASCII characters/ }, text)
    t.notMatch(error?.message, text)
  }
  await writeFile(file, 'a sentence of words\r\n', { mode: 0o600 })
  t.match(await readAdminToken({ dataDir }), { token: 'a sentence of words' })
})
