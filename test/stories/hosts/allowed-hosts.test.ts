/** allowedHosts in a host: what the plugin answers for, and nothing of the host's own. */
import t from 'tap'
import { createPostgresDatabase } from '../../support/databases.js'
import { startHost } from '../../support/host.js'

const database = await createPostgresDatabase(t)

t.test('a page of another site whose name leads here reads nothing of the catalogue', async (t) => {
  const host = await startHost(t, database, {
    settings: { allowedHosts: ['models.example.com'], publicUrl: 'https://public.example.com/api', prefix: '/api' },
    after: (app) => app.get('/own', () => 'own'),
  })
  const ask = (url: string, name: string) => host.get(url, { host: name })
  for (const name of ['models.example.com', 'Models.Example.com:8443', 'public.example.com', '127.0.0.1:3000'])
    t.equal((await ask('/models', name)).status, 200, name)
  for (const url of ['/models', '/models/sync', '/v1/models', '/models/health'])
    t.match(await ask(url, 'evil.example'), { status: 421 }, url)
  t.match((await ask('/models', 'evil.example')).body, {
    code: 'FST_MODEL_SYNC_UNKNOWN_HOST',
    message: /"evil\.example".*MODEL_SYNC_ALLOWED_HOSTS \(allowedHosts\)/,
  })
  t.equal((await host.app.inject({ url: '/own', headers: { host: 'evil.example' } })).payload, 'own')
})

t.test('unset, any host is meant, as before', async (t) => {
  const host = await startHost(t, database)
  t.equal((await host.get('/models', { host: 'whatever.example' })).status, 200)
})
