/** The tests' PostgreSQL starts wherever these tests are unpacked, and says in one line why where it does not. */
import { chmod, cp, lstat, mkdtemp, readdir, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import path from 'node:path'
import pg from 'pg'
import t, { type Test } from 'tap'
import { needsPostgres } from '../support/databases.js'
import { packageFolder } from '../support/postgres-cluster.js'
import { startPostgresServer } from '../support/postgres-server.js'

needsPostgres()
t.setTimeout(240_000)

async function folder(t: Test, mode: number): Promise<string> {
  const made = await mkdtemp(path.join(tmpdir(), 'mödel sync-'))
  t.teardown(() => rm(made, { recursive: true, force: true }))
  await chmod(made, mode)
  return made
}

/** What the server says of its own version; it is stopped again, and must leave nothing behind. */
async function startAndStop(installed?: string): Promise<unknown> {
  const server = await startPostgresServer({ ownSignals: true, ...(installed !== undefined && { installed }) })
  const client = new pg.Client({ connectionString: server.url })
  await client.connect()
  const { rows } = await client.query<{ version: string }>('SELECT version()')
  await client.end()
  await server.stop()
  return rows[0]?.version
}

for (const [mode, who] of [
  [0o755, 'everybody can enter'],
  [0o700, 'nobody else can enter'],
] as const)
  t.test(`a temporary directory that ${who}, with a blank and letters beyond ASCII`, async (t) => {
    const before = process.env.TMPDIR
    const temporary = await folder(t, mode)
    t.teardown(() => {
      if (before === undefined) delete process.env.TMPDIR
      else process.env.TMPDIR = before
    })
    process.env.TMPDIR = temporary
    t.match(await startAndStop(), /^PostgreSQL 18/)
    t.same(await readdir(temporary), [])
  })

t.test('binaries in a folder that nobody else can enter, as in root’s own home', async (t) => {
  const installed = path.join(await folder(t, 0o700), 'native')
  await cp(packageFolder(), installed, { recursive: true, verbatimSymlinks: true })
  t.match(await startAndStop(installed), /^PostgreSQL 18/)
})

t.test('binaries as npm leaves them with --ignore-scripts: without the links between the libraries', async (t) => {
  const installed = path.join(await folder(t, 0o755), 'native')
  const noLink = async (file: string) => !(await lstat(file)).isSymbolicLink()
  await cp(packageFolder(), installed, { recursive: true, filter: noLink })
  for (const name of await readdir(path.join(installed, 'bin'))) await chmod(path.join(installed, 'bin', name), 0o644)
  t.match(await startAndStop(installed), /^PostgreSQL 18/)
})

t.test('binaries that are not there: one line says why', async (t) => {
  const installed = await folder(t, 0o755)
  await t.rejects(startPostgresServer({ ownSignals: true, installed }), {
    message: /^PostgreSQL does not start: [^\n]*initdb ENOENT[^\n]*$/,
  })
})
