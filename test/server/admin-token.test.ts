/** The admin token: given, generated once, kept for its owner only, compared without telling anything of it. */
import { chmod, mkdir, mkdtemp, readFile, rm, stat, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import path from 'node:path'
import Fastify from 'fastify'
import t from 'tap'
import { requireBearer } from '../../src/routes/shared/bearer-token.js'
import { TokenGuesses } from '../../src/routes/shared/token-guesses.js'
import { readAdminToken } from '../../src/server/admin-token.js'

const folder = await mkdtemp(path.join(tmpdir(), 'model-sync-token-'))
t.teardown(() => rm(folder, { recursive: true, force: true }))

t.test('one that is given lies nowhere', async (t) => {
  const dataDir = path.join(folder, 'given')
  t.strictSame(await readAdminToken({ adminToken: 'a'.repeat(16), dataDir }), {
    token: 'a'.repeat(16),
    file: null,
    generated: false,
  })
  await t.rejects(stat(dataDir), 'not even the folder is made')
})

t.test('generated on the first start, kept with mode 0600 in a 0700 folder, and the same ever after', async (t) => {
  const dataDir = path.join(folder, 'deep', 'data')
  const first = await readAdminToken({ dataDir })
  t.match(first, { generated: true, file: path.join(dataDir, 'admin-token'), token: /^[\w-]{43}$/ })
  t.equal((await stat(first.file!)).mode & 0o777, 0o600)
  t.equal((await stat(dataDir)).mode & 0o777, 0o700)
  t.equal((await readFile(first.file!, 'utf8')).trim(), first.token)
  t.strictSame(await readAdminToken({ dataDir }), { ...first, generated: false })
  t.not((await readAdminToken({ dataDir: path.join(folder, 'other') })).token, first.token)
})

t.test('processes that start together end up with one token', async (t) => {
  const dataDir = path.join(folder, 'together')
  const good = await Promise.all(Array.from({ length: 8 }, () => readAdminToken({ dataDir })))
  t.equal(new Set(good.map(({ token }) => token)).size, 1)
  t.equal(good.filter(({ generated }) => generated).length, 1)
})

t.test('a file that holds no token, or cannot be made, says so and what to do', async (t) => {
  const dataDir = path.join(folder, 'bad')
  await mkdir(dataDir)
  for (const content of ['', 'short', '   \n']) {
    await writeFile(path.join(dataDir, 'admin-token'), content)
    await t.rejects(readAdminToken({ dataDir }), {
      code: 'FST_MODEL_SYNC_OPTIONS',
      message: /admin-token.*Set ADMIN_TOKEN, or remove the file/,
    })
  }
  await writeFile(path.join(folder, 'a-file'), '')
  await t.rejects(readAdminToken({ dataDir: path.join(folder, 'a-file') }), { code: 'FST_MODEL_SYNC_OPTIONS' })
  const locked = path.join(folder, 'locked')
  await mkdir(locked)
  await chmod(locked, 0o500)
  if (process.getuid?.() !== 0) await t.rejects(readAdminToken({ dataDir: locked }), { message: /EACCES/ })
})

t.test('who gets through', async (t) => {
  const token = 'correct-horse-battery-staple'
  const app = Fastify()
  t.teardown(() => app.close())
  app.get(
    '/',
    { onRequest: requireBearer({ secrets: [token!], name: 'admin token', guesses: new TokenGuesses() }) },
    async () => 'in',
  )
  for (const authorization of [`Bearer ${token}`, `bearer ${token}`, `BEARER ${token}`])
    t.equal((await app.inject({ url: '/', headers: { authorization } })).statusCode, 200, authorization)
  const wrong = [
    '',
    'Bearer',
    'Bearer ',
    `Basic ${token}`,
    token,
    `Bearer ${token}x`,
    `Bearer ${token.slice(0, -1)}`,
    `Bearer ${'x'.repeat(10_000)}`,
    'Bearer ä',
  ]
  for (const authorization of wrong) {
    const answer = await app.inject({ url: '/', headers: { authorization } })
    t.equal(answer.statusCode, 401, authorization.slice(0, 40))
    t.equal(answer.headers['www-authenticate'], 'Bearer')
    t.notMatch(answer.body, token)
  }
  t.match((await app.inject('/')).json(), { message: /no admin token.*Authorization: Bearer/ })
})
