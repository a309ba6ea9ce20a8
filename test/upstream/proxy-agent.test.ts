/** Requests through a real forward proxy: tunnels, plain http, its password, its refusals, and what it is never asked for. */
import t, { type Test } from 'tap'
import { createHttpClient, type HttpAnswer, type HttpClientOptions } from '../../src/upstream/http-client.js'
import { readProxyRules, type ProxySettings } from '../../src/upstream/proxy-rules.js'
import { createCertificates } from '../support/certificates.js'
import { startForwardProxy } from '../support/forward-proxy.js'
import { json, loopback } from '../support/loopback.js'
import { tlsLoopback } from '../support/tls-loopback.js'
import { listing, read, source } from './reading.js'

const one = source(listing('/v1/models'))
const certificates = await createCertificates()
const rules = (settings: ProxySettings) =>
  readProxyRules(settings, (problem) => {
    throw new Error(problem)
  })

function client(t: Test, settings: ProxySettings, more: Partial<HttpClientOptions> = {}) {
  const made = createHttpClient({ timeoutMs: 1000, proxy: rules(settings), ca: certificates.ca, ...more })
  t.teardown(() => made.close())
  return made
}

async function target(t: Test) {
  const plain = await loopback(t, (_, response) => json(response, { data: ['plain'] }))
  const secure = await tlsLoopback(t, await certificates.server('api.test', '8.8.8.8'), (_, response) =>
    json(response, { data: ['secure'] }),
  )
  return {
    plain,
    secure,
    routes: {
      'api.test:80': plain.port,
      'api.test:443': secure.port,
      '8.8.8.8:443': secure.port,
      '8.8.8.8:80': plain.port,
    },
  }
}

t.test('https in a tunnel and plain http by the proxy, of names that only it can resolve', async (t) => {
  const { plain, secure, routes } = await target(t)
  const authorization = `Basic ${Buffer.from('bob:p@ss word').toString('base64')}`
  const proxy = await startForwardProxy(t, { routes, authorization })
  const address = proxy.url.replace('//', '//bob:p%40ss%20word@')
  const through = client(t, { httpProxy: address })
  for (const scheme of ['http', 'https']) {
    const { pages, error } = await read(one, `${scheme}://api.test`, { client: through })
    t.equal(error, null)
    t.same(pages, [['/v1/models', [scheme === 'http' ? 'plain' : 'secure']]])
  }
  t.same(proxy.asked, ['GET http://api.test/v1/models', 'CONNECT api.test:443'])
  t.match(plain.requests[0]?.headers, { host: 'api.test', authorization: /^Bearer / })
  t.equal(secure.requests[0]?.headers.host, 'api.test')
  t.equal(secure.requests[0]?.headers['proxy-authorization'], undefined, 'the password stays with the proxy')
})

t.test('a password with a lone % in it', async (t) => {
  const { routes } = await target(t)
  const authorization = `Basic ${Buffer.from('bob:100%').toString('base64')}`
  const proxy = await startForwardProxy(t, { routes, authorization })
  const through = client(t, { httpProxy: proxy.url.replace('//', '//bob:100%@') })
  for (const scheme of ['http', 'https'])
    t.equal((await read(one, `${scheme}://api.test`, { client: through })).error, null)
})

t.test('a user without a password', async (t) => {
  const { routes } = await target(t)
  const proxy = await startForwardProxy(t, { routes })
  const through = client(t, { proxy: proxy.url.replace('//', '//token@') })
  await read(one, 'https://api.test', { client: through })
  t.same(proxy.authorizations, [`Basic ${Buffer.from('token:').toString('base64')}`])
})

t.test('loopback and exempt hosts are asked without it', async (t) => {
  const { plain, routes } = await target(t)
  const proxy = await startForwardProxy(t, { routes: { ...routes, [`127.0.0.1:${plain.port}`]: plain.port } })
  t.equal((await read(one, plain.url, { client: client(t, { proxy: proxy.url }) })).error, null)
  const exempt = client(t, { proxy: proxy.url, noProxy: '.test' })
  t.match((await read(one, 'http://api.test', { client: exempt })).error?.message, /cannot be resolved/)
  t.same(proxy.asked, [])
  const asked = client(t, { proxy: proxy.url, proxyPrivate: true })
  t.equal((await read(one, plain.url, { client: asked })).error, null)
  t.equal(proxy.asked.length, 1, 'unless it is asked for')
})

t.test('a proxy that refuses is named, its password is not, and nobody is sent to the DNS', async (t) => {
  const cases: [refuse: number | 'reset', https: RegExp, http: RegExp][] = [
    [
      407,
      /answered 407 when asked to connect to api\.test:443: it wants a user and password/,
      /answered 407 .*user and password/,
    ],
    [403, /answered 403 .*does not allow this target/, /answered 403 through the proxy/],
    [502, /answered 502 .*cannot reach this target.*tried 3 times/, /answered 502 through the proxy.*tried 3 times/],
    ['reset', /failed: it broke the connection off/, /failed: it broke the connection off/],
  ]
  for (const [refuse, https, http] of cases) {
    const proxy = await startForwardProxy(t, { refuse })
    const address = proxy.url.replace('//', '//bob:hunter22@')
    for (const [scheme, message] of [
      ['https', https],
      ['http', http],
    ] as const) {
      const { error } = await read(one, `${scheme}://api.test`, { client: client(t, { proxy: address }) })
      t.match(error?.message, message)
      t.match(error?.message, `the proxy ${proxy.url}`)
      t.notMatch(error?.message, /hunter22|bob|DNS|TEST_BASE_URL|check the API key/)
    }
    t.ok(proxy.asked.length <= 6, `asked ${proxy.asked.length} times`)
  }
  for (const scheme of ['http', 'https']) {
    const nobody = 'http://127.0.0.1:1'
    const { error } = await read(one, `${scheme}://api.test`, { client: client(t, { proxy: nobody }) })
    t.match(error?.message, /the proxy http:\/\/127\.0\.0\.1:1 failed: nothing listens there \(ECONNREFUSED\)/)
    const unknown = await read(one, `${scheme}://api.test`, {
      client: client(t, { proxy: 'no-such-proxy.invalid:3128' }),
    })
    t.match(unknown.error?.message, /the proxy http:\/\/no-such-proxy\.invalid:3128 failed: its name cannot be/)
  }
})

t.test('a certificate that does not fit the target is the target’s fault, also behind a proxy', async (t) => {
  const { routes } = await target(t)
  const proxy = await startForwardProxy(t, { routes: { 'other.test:443': routes['api.test:443'] } })
  const { error } = await read(one, 'https://other.test', { client: client(t, { proxy: proxy.url }) })
  t.match(error?.message, /^TLS with other\.test:443 failed .*ERR_TLS_CERT_ALTNAME_INVALID/)
})

t.test(
  'a target that others choose is checked here, and the proxy asked for the address that was checked',
  async (t) => {
    const { routes, secure } = await target(t)
    const proxy = await startForwardProxy(t, {
      routes: { ...routes, 'localhost:443': secure.port, 'hooks.test:443': secure.port },
    })
    const guarded = client(t, { proxy: proxy.url, proxyPrivate: true }, { publicOnly: true })
    const ask = (url: string): Promise<HttpAnswer | Error> =>
      guarded
        .request({
          url: new URL(url),
          headers: {},
          timeoutMs: 1000,
          maxBodyBytes: 1000,
          signal: new AbortController().signal,
        })
        .catch((error: Error) => error)
    t.match(await ask('https://localhost/hook'), { code: 'PRIVATE_ADDRESS' })
    t.match(await ask('https://127.0.0.1/hook'), { code: 'PRIVATE_ADDRESS' })
    t.match(await ask('http://[::1]/hook'), { code: 'PRIVATE_ADDRESS' })
    t.match(
      await ask('https://hooks.test/hook'),
      { code: 'UNCHECKED_ADDRESS' },
      'a name that only the proxy can resolve',
    )
    t.same(proxy.asked, [], 'the proxy hears of none of them')
    t.match(await ask('https://8.8.8.8/hook'), { status: 200 })
    t.match(await ask('http://8.8.8.8/hook'), { status: 200 })
    t.same(proxy.asked, ['CONNECT 8.8.8.8:443', 'CONNECT 8.8.8.8:80'])
  },
)
