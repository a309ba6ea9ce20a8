/** A backend behind a forward proxy: everything that leaves it goes through. */
import type { AddressInfo } from 'node:net'
import t from 'tap'
import { run } from '../../cli/support.js'
import { createPostgresDatabase } from '../../support/databases.js'
import { startForwardProxy } from '../../support/forward-proxy.js'
import { startHost } from '../../support/host.js'
import { json, loopback } from '../../support/loopback.js'

const database = await createPostgresDatabase(t)
const upstream = await loopback(t, ({ method, url }, response) => {
  if (url === '/book.json') return json(response, [])
  if (url?.startsWith('/hook')) return json(response, {})
  if (method === 'POST') return json(response, { choices: [{}] })
  json(response, { object: 'list', data: [{ id: 'talker', object: 'model' }] })
})

t.test('syncs, probes, the price book and news', async (t) => {
  const routes = { 'box.test:80': upstream.port, 'book.test:80': upstream.port, '8.8.8.8:80': upstream.port }
  const proxy = await startForwardProxy(t, { routes })
  const host = await startHost(t, database, {
    litellm: { models: [] },
    settings: {
      httpProxy: proxy.url,
      providers: ['litellm', 'box'],
      openaiCompatible: [{ slug: 'box', url: 'http://box.test/v1' }],
      probe: true,
      priceBookUrl: 'http://book.test/book.json',
      news: {
        near: { type: 'slack', url: 'http://8.8.8.8/hook' },
        unchecked: { type: 'slack', url: 'http://box.test/hook' },
      },
    },
  })
  const result = await host.sync()
  t.match(result, { success: true, newModels: 1 }, 'LiteLLM on loopback is reached without the proxy')
  const probed = await host.request({ method: 'POST', url: '/models/probe?model=box%2Ftalker' })
  t.match(probed.body, { ok: true })
  await host.get('/models')
  const seen = [
    'GET http://box.test/v1/models',
    'POST http://box.test/v1/chat/completions',
    'GET http://book.test/book.json',
  ]
  for (let waited = 0; waited < 50 && !proxy.asked.includes('CONNECT 8.8.8.8:80'); waited++) {
    await host.request({ method: 'POST', url: '/models/news/near/test' })
    await new Promise((resolve) => setTimeout(resolve, 100))
  }
  for (const one of [...seen, 'CONNECT 8.8.8.8:80']) t.ok(proxy.asked.includes(one), one)
  t.notOk(
    proxy.asked.some((one) => one.includes('/hook') || one.startsWith('CONNECT box.test')),
    'a webhook whose name only the proxy can resolve is not asked for',
  )
})

t.test('the command line with --url', async (t) => {
  const backend = await startHost(t, database, { litellm: { models: [] } })
  await backend.app.listen({ port: 0, host: '127.0.0.1' })
  const { port } = backend.app.addresses()[0] as AddressInfo
  const proxy = await startForwardProxy(t, { routes: { 'backend.test:80': port } })
  const { code, stderr } = await run(['list', '--url', 'http://backend.test'], { http_proxy: proxy.url })
  t.equal(code, 0, stderr)
  t.match(proxy.asked, [/^GET http:\/\/backend\.test\/models/])
  const refused = await startForwardProxy(t, { refuse: 407 })
  const without = await run(['list', '--url', 'http://backend.test'], { HTTP_PROXY: refused.url })
  t.match(without.stderr, /Proxy Authentication Required \(407\)/)
})
