/** The cron route: off without a secret, closed to others, the backend's sync for whoever has it. */
import t from 'tap'
import type { UserSyncResult } from '../../src/services/sync/sync-result.js'
import { createPostgresDatabase } from '../support/databases.js'
import { startHost } from '../support/host.js'

const SECRET = 'a-cron-secret-of-the-tests'
const PATH = '/models/sync/cron'
const bearer = (secret: string) => ({ authorization: `Bearer ${secret}` })

t.test('the cron route', async (t) => {
  const database = await createPostgresDatabase(t)

  await t.test('is off without a secret', async (t) => {
    const host = await startHost(t, database)
    for (const method of ['GET', 'POST'] as const) {
      const answer = await host.request({ method, url: PATH, headers: bearer(SECRET) })
      t.equal(answer.status, 404)
      t.match(answer.body, { code: 'FST_MODEL_SYNC_NOT_FOUND', message: /CRON_SECRET/ })
    }
    t.same(host.litellm.requests, [], 'nobody was asked')
  })

  await t.test('a short secret stops the boot, and is not repeated', async (t) => {
    const error = await startHost(t, database, { settings: { cronSecret: 'short-one' } }).catch((e: Error) => e)
    t.match(error, { message: /CRON_SECRET \(cronSecret\)/ })
    t.notMatch((error as Error).message, 'short-one')
  })

  await t.test('with a secret', async (t) => {
    const refuse = () => Promise.reject(Object.assign(new Error('no'), { statusCode: 403 }))
    // What the server does by itself is off, and nobody is an administrator: neither matters here.
    const host = await startHost(t, database, {
      settings: { cronSecret: SECRET, enabled: false, authorize: [refuse], allowUnauthenticated: false },
    })

    await t.test('401 for everybody else', async (t) => {
      const strangers = [
        {},
        bearer('wrong'),
        bearer(''),
        bearer(`${SECRET}x`),
        bearer(SECRET.toUpperCase()),
        { authorization: SECRET },
        { authorization: `Basic ${SECRET}` },
      ]
      for (const method of ['GET', 'POST'] as const)
        for (const headers of strangers) {
          const answer = await host.request({ method, url: PATH, headers })
          t.equal(answer.status, 401, `${method} ${JSON.stringify(headers)}`)
          t.equal(answer.headers['www-authenticate'], 'Bearer')
          t.notMatch(answer.text, SECRET)
        }
      const head = await host.app.inject({ method: 'HEAD', url: PATH, headers: bearer(SECRET) })
      t.equal(head.statusCode, 405, 'HEAD starts no sync')
      t.same(host.litellm.requests, [], 'nobody was asked')
    })

    await t.test('the same time without a secret and with a wrong one', async (t) => {
      const attempts = { without: {}, short: bearer('x'), near: bearer(`${SECRET.slice(0, -1)}X`) }
      const times: Record<string, number[]> = { without: [], short: [], near: [] }
      // Interleaved, so that a slow moment of the machine falls on all alike.
      for (let round = 0; round < 400; round++)
        for (const [name, headers] of Object.entries(attempts)) {
          const started = process.hrtime.bigint()
          await host.app.inject({ method: 'POST', url: PATH, headers })
          times[name]!.push(Number(process.hrtime.bigint() - started))
        }
      const medians = Object.values(times).map((list) => list.sort((a, b) => a - b)[list.length / 2]!)
      const ratio = Math.max(...medians) / Math.min(...medians)
      t.ok(ratio < 1.3, `the medians are within 30 %: ${ratio.toFixed(3)}`)
    })

    await t.test('syncs', async (t) => {
      for (const method of ['GET', 'POST'] as const) {
        const { status, body, headers } = await host.request<{ synced: number; results: UserSyncResult[] }>({
          method,
          url: PATH,
          headers: bearer(SECRET),
        })
        t.equal(status, 200)
        t.equal(headers['cache-control'], 'private, no-store')
        t.equal(body.synced, 1)
        t.match(body.results, [{ userId: null, success: true, trigger: 'cron', totalModels: 5, runId: String }])
        const run = await host.get(`/models/sync/history/${body.results[0]!.runId}`)
        t.match(run.body, { trigger: 'cron', userId: null, success: true })
      }
      t.equal((await host.models()).size, 5)
    })

    await t.test('200 when upstream fails, 500 when no run could be recorded', async (t) => {
      host.litellm.setFault('/model/info', { kind: 'status', status: 500 })
      host.litellm.setFault('/v1/models', { kind: 'status', status: 500 })
      const failed = await host.request({ method: 'POST', url: PATH, headers: bearer(SECRET) })
      t.match(failed, { status: 200, body: { synced: 1, results: [{ success: false, errors: [/^litellm: /] }] } })
      await host.pool.query('ALTER TABLE model_sync.sync_runs RENAME TO gone')
      const refused = await host.request({ method: 'POST', url: PATH, headers: bearer(SECRET) })
      await host.pool.query('ALTER TABLE model_sync.gone RENAME TO sync_runs')
      t.match(refused, { status: 500, body: { results: [{ runId: null, success: false, errors: [/^database: /] }] } })
      t.match(host.log.messages(50), ['Cron model sync failed'])
      t.notMatch(host.log.text(), SECRET)
    })
  })
})
