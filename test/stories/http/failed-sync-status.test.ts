/** For callers that look at the status alone, as curl -f: a sync that failed answers with the status they ask for, and with the same body. */
import t from 'tap'
import { createPostgresDatabase } from '../../support/databases.js'
import { startHost } from '../../support/host.js'

const SECRET = 'a-cron-secret-of-the-tests'

/** The routes that answer with the result of a sync, and where their bodies say so. */
const ROUTES = [
  { method: 'POST', url: '/models/sync', success: 'success' },
  { method: 'POST', url: '/admin/model-sync/provider/litellm', success: 'success' },
  { method: 'POST', url: '/admin/model-sync/all', success: 'success' },
  { method: 'GET', url: '/models/sync/cron', success: 'results' },
  { method: 'POST', url: '/models/sync/cron', success: 'results' },
] as const

t.test('by the request, by the option, and 200 otherwise', async (t) => {
  const database = await createPostgresDatabase(t)
  const settings = { cronSecret: SECRET, providers: ['litellm'] }
  const plain = await startHost(t, database, { settings })
  const set = await startHost(t, database, { litellm: plain.litellm, settings: { ...settings, failedSyncStatus: 503 } })
  const ask = async (host: typeof plain, { method, url }: (typeof ROUTES)[number], query = '') =>
    host.request({ method, url: `${url}${query}`, headers: { authorization: `Bearer ${SECRET}` } })

  for (const route of ROUTES) {
    const name = `${route.method} ${route.url}`
    t.equal((await ask(plain, route, '?failedSyncStatus=502')).status, 200, `${name}: one that succeeds`)
    plain.litellm.setFault('/model/info', { kind: 'html' })
    const usual = await ask(plain, route)
    t.equal(usual.status, 200, `${name}: as ever`)
    const asked = await ask(plain, route, '?failedSyncStatus=502')
    t.equal(asked.status, 502, `${name}: as the request says`)
    t.strictSame(Object.keys(asked.body), Object.keys(usual.body), 'the same body')
    t.match(asked.text, /"errors":\[/)
    t.equal((await ask(set, route)).status, 503, `${name}: as the option says`)
    t.equal((await ask(set, route, '?failedSyncStatus=200')).status, 200, 'the request wins')
    t.match(await ask(plain, route, '?failedSyncStatus=302'), { status: 400, body: { message: /200, 409, 422/ } })
    plain.litellm.setFault('/model/info', null)
  }
})

t.test('a held change and a dry run that fails count as failures, a skipped provider does not', async (t) => {
  const host = await startHost(t, await createPostgresDatabase(t), { settings: { minRemovals: 1 } })
  const post = (payload: object) => host.request({ method: 'POST', url: '/models/sync?failedSyncStatus=502', payload })
  t.equal((await post({})).status, 200)
  const removed = host.litellm.models.splice(0)
  t.match(await post({}), { status: 502, body: { success: false, providers: [{ status: 'held' }] } })
  host.litellm.models.push(...removed)
  host.litellm.setFault('/model/info', { kind: 'html' })
  t.match(await post({ dryRun: true }), { status: 502, body: { success: false, dryRun: true } })
  t.match(await post({ providers: ['groq'] }), {
    status: 200,
    body: { success: true, providers: [{ status: 'skipped' }] },
  })
})
