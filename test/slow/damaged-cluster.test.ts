/** A cluster that PostgreSQL does not open: the reason is told, and the folder left as it was. */
import { readdir, readFile, rm, writeFile } from 'node:fs/promises'
import path from 'node:path'
import t from 'tap'
import { startEmbeddedDatabase } from '../../src/embedded/embedded-database.js'
import { readServerInfo } from '../../src/embedded/server-info.js'
import { dataDirectory, keptLog } from '../embedded/support.js'

// All but the one that PostgreSQL writes before it looks at anything.
async function filesOf(cluster: string): Promise<string[]> {
  return (await readdir(cluster)).filter((name) => name !== 'postmaster.pid').sort()
}

t.test('a folder that does not open says so, and why, and is left as it was', async (t) => {
  const dataDir = await dataDirectory(t)
  const cluster = path.join(dataDir, 'pglite')
  const cases: [string, RegExp, string, string | null][] = [
    ['a newer PostgreSQL', /initialized by PostgreSQL version 99, which is not compatible/, 'PG_VERSION', '99\n'],
    ['no PG_VERSION', /PG_VERSION is missing/, 'PG_VERSION', null],
    ['a broken control file', /database files are incompatible/, 'global/pg_control', 'x'.repeat(8192)],
    ['no control file', /PANIC: .*pg_control/, 'global/pg_control', null],
  ]
  for (const [name, reason, file, content] of cases) {
    t.test(name, async (t) => {
      const damaged = path.join(cluster, file)
      const before = await readFile(damaged)
      if (content === null) await rm(damaged)
      else await writeFile(damaged, content)
      const files = await filesOf(cluster)
      const error = (await startEmbeddedDatabase({ dataDir, log: keptLog() }).catch((error: unknown) => error)) as Error
      t.match(error, { code: 'FST_MODEL_SYNC_DATABASE', message: reason })
      t.ok(error.message.includes(cluster), 'names the folder')
      t.match(error.message, /move it away/, 'says what to do')
      t.same(await filesOf(cluster), files)
      t.equal(await readServerInfo(dataDir), null, 'the lock is free')
      await writeFile(damaged, before)
    })
  }
  t.test('whole again, it opens', async () => {
    const database = await startEmbeddedDatabase({ dataDir, log: keptLog() })
    await database.close()
  })
})
