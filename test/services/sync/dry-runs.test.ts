/** Equal dry runs share one; of others there are two at a time for a user, and eight in all. */
import t from 'tap'
import { DryRuns } from '../../../src/services/sync/dry-runs.js'

const turn = () => new Promise((resolve) => setImmediate(resolve))

function controlled() {
  const runs = new DryRuns<string>()
  const ends = new Map<string, () => void>()
  let started = 0
  const start = (userId: string | null, what: string, signal?: AbortSignal) => {
    const key = JSON.stringify([userId, what])
    return runs.join({
      key,
      userId,
      signal,
      work: (aborted) => {
        started += 1
        return new Promise((resolve, reject) => {
          ends.set(key, () => resolve(what))
          aborted.addEventListener('abort', () => reject(aborted.reason as Error))
        })
      },
    })
  }
  return {
    start,
    end: (userId: string | null, what: string) => ends.get(JSON.stringify([userId, what]))?.(),
    started: () => started,
  }
}

const REFUSAL = { code: 'FST_MODEL_SYNC_TOO_MANY_RUNS', statusCode: 429, retryAfter: 5 }

t.test('48 equal ones are one, and the next one begins anew', async (t) => {
  const { start, end, started } = controlled()
  const all = Array.from({ length: 48 }, () => start('anna', 'all'))
  await turn()
  t.equal(started(), 1)
  end('anna', 'all')
  t.strictSame(await Promise.all(all), Array(48).fill('all'))
  const next = start('anna', 'all')
  await turn()
  t.equal(started(), 2)
  end('anna', 'all')
  t.equal(await next, 'all')
})

t.test('a third of one user and a ninth in all are refused, until one has ended', async (t) => {
  const { start, end } = controlled()
  const users = ['anna', 'ben', 'cleo', null]
  const running = users.flatMap((user) => [start(user, 'one'), start(user, 'two')])
  await turn()
  for (const user of users) await t.rejects(start(user, 'three'), REFUSAL, `${user}: a third`)
  await t.rejects(start('dora', 'one'), REFUSAL, 'a ninth in all')
  const shared = start('anna', 'one')
  end('anna', 'one')
  t.equal(await shared, 'one', 'an equal one joins all the same')
  await turn()
  const dora = start('dora', 'one')
  await turn()
  end('dora', 'one')
  t.equal(await dora, 'one')
  for (const user of users) for (const what of ['one', 'two']) end(user, what)
  await Promise.all(running)
})

t.test('one that fails, or whose caller has gone, leaves its place', async (t) => {
  const { start } = controlled()
  for (let round = 0; round < 3; round += 1) {
    const leaving = new AbortController()
    const gone = start('anna', `gone ${round}`, leaving.signal)
    await turn()
    leaving.abort(new Error('the client went away'))
    await t.rejects(gone, { message: 'the client went away' })
  }
})
