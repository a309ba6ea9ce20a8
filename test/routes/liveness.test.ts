/** What an orchestrator asks of a host: nothing unless the host names the paths, and no token. */
import t from 'tap'
import { createPostgresDatabase } from '../support/databases.js'
import { startHost } from '../support/host.js'
import { startTcpProxy } from '../support/tcp-proxy.js'

t.test('off until an option names the path', async (t) => {
  const host = await startHost(t, await createPostgresDatabase(t))
  for (const path of ['/livez', '/readyz']) t.equal((await host.get(path)).status, 404)
})

t.test('a database that is away makes it not ready, and leaves it alive', async (t) => {
  const database = await createPostgresDatabase(t)
  const proxy = await startTcpProxy(t, database.url!)
  const host = await startHost(
    t,
    { ...database, url: proxy.through(database.url!) },
    {
      settings: {
        prefix: '/api',
        livenessPath: '/health/live',
        readinessPath: '/readyz',
        authorizeRead: async () => {
          throw Object.assign(new Error('no token'), { statusCode: 401 })
        },
      },
    },
  )
  t.strictSame((await host.get('/health/live')).body, { ok: true })
  t.strictSame((await host.get('/readyz')).body, { ok: true }, 'an orchestrator has no token')
  await proxy.cut()
  t.equal((await host.get('/health/live')).status, 200)
  const away = await host.get('/readyz')
  t.equal(away.status, 503)
  t.match(away.body, { code: 'FST_MODEL_SYNC_DATABASE' })
  await proxy.open()
  t.equal((await host.get('/readyz')).status, 200)
})
