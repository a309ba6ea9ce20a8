/** GET /models/sync/replicas: who shares the catalogue, and what each has in hand. */
import t from 'tap'
import type { ReplicaRecord } from '../../src/core/records/replica-record.js'
import { databaseKinds } from '../support/databases.js'
import { startHost, type TestHost } from '../support/host.js'

const replicasOf = async (host: TestHost): Promise<ReplicaRecord[]> =>
  (await host.get<{ replicas: ReplicaRecord[] }>('/models/sync/replicas')).body.replicas

async function eventually(look: () => Promise<boolean>): Promise<void> {
  for (const giveUpAt = Date.now() + 10_000; !(await look());) {
    if (Date.now() > giveUpAt) throw new Error(`waited for ${String(look)}`)
    await new Promise((resolve) => setTimeout(resolve, 50))
  }
}

for (const [kind, createDatabase] of databaseKinds)
  t.test(kind, async (t) => {
    const database = await createDatabase(t)
    const one = await startHost(t, database, { settings: { replica: 'one' } })
    await eventually(async () => (await replicasOf(one)).length === 1)
    const [alone] = await replicasOf(one)
    t.match(alone, { name: 'one', version: /^\d+\.\d+\.\d+/, since: /Z$/, seenAt: /Z$/, holds: [] })
    const two = await startHost(t, database, { settings: { replica: 'two' } })
    await eventually(async () => (await replicasOf(one)).length === 2)
    t.strictSame(
      (await replicasOf(two)).map(({ name }) => name),
      ['one', 'two'],
      'the oldest first, whomever one asks',
    )

    await t.test('what each holds, by its kind alone', async (t) => {
      await two.pool.query(
        `INSERT INTO model_sync.work (kind, key, state, due_at, holder, leased_until, asked_by, asked, created_at)
        SELECT 'job team', 'user@example.com', 'running', now(), id, now() + interval '1 minute', id, '{}', now()
        FROM model_sync.replicas
        WHERE name = 'two'`,
      )
      t.strictSame(
        (await replicasOf(one)).map(({ holds }) => holds),
        [[], ['job']],
      )
      await two.pool.query('DELETE FROM model_sync.work')
    })

    await t.test('one that is silent for half a minute is gone, and one that closes at once', async (t) => {
      await one.pool.query(
        `INSERT INTO model_sync.replicas VALUES
          (gen_random_uuid(), 'dead', '0.0.1', now() - interval '1 hour', now() - interval '40 seconds')`,
      )
      t.equal((await replicasOf(one)).length, 2)
      await two.app.close()
      t.strictSame(
        (await replicasOf(one)).map(({ name }) => name),
        ['one'],
      )
    })
  })
