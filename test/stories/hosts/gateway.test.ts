/** What stands in front of a provider's API: headers, a user and password, client certificates; and that none of it gets anywhere else. */
import { createPrivateKey } from 'node:crypto'
import { mkdir, mkdtemp, rename, rm, symlink, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import path from 'node:path'
import t, { type Test } from 'tap'
import { optionsFromEnv } from '../../../src/options.js'
import { createCertificates } from '../../support/certificates.js'
import { createPostgresDatabase } from '../../support/databases.js'
import { startHost, type HostOptions, type TestHost } from '../../support/host.js'
import { startForwardProxy } from '../../support/forward-proxy.js'
import { json, loopback, type LoopbackHandler } from '../../support/loopback.js'
import { tlsLoopback } from '../../support/tls-loopback.js'

const database = await createPostgresDatabase(t)
const certificates = await createCertificates()
const SECRET = 'cf-access-s3cret-4711'
const answer: LoopbackHandler = ({ method }, response) =>
  method === 'POST'
    ? json(response, { choices: [{}] })
    : json(response, { object: 'list', data: [{ id: 'talker', object: 'model' }] }, 200, { etag: '"1"' })

async function host(t: Test, settings: HostOptions['settings']): Promise<TestHost> {
  const started = await startHost(t, database, { litellm: { models: [] }, settings: { ...settings, probe: true } })
  await started.reset()
  return started
}

async function files(t: Test, texts: Record<string, string>): Promise<Record<string, string>> {
  const folder = await mkdtemp(path.join(tmpdir(), 'model-sync-tls-'))
  t.teardown(() => rm(folder, { recursive: true, force: true }))
  const written = Object.entries(texts).map(async ([name, text]) => {
    const file = path.join(folder, `${name}.pem`)
    await writeFile(file, text)
    return [name, file]
  })
  return Object.fromEntries(await Promise.all(written)) as Record<string, string>
}

t.test('headers from a variable go to syncs and probes, and nowhere else', async (t) => {
  const box = await loopback(t, answer)
  const lines = `CF-Access-Client-Secret: ${SECRET}\nX-Tenant: acme: one`
  for (const text of [
    lines,
    lines.replace('\n', '\\n'),
    JSON.stringify({ 'cf-access-client-secret': SECRET, 'X-Tenant': 'acme: one' }),
  ]) {
    const settings = optionsFromEnv({
      MODEL_SYNC_OPENAI_COMPATIBLE: `box=${box.url}/v1;key=BOX_KEY`,
      BOX_HEADERS: text,
      OPENAI_HEADERS: 'nonsense of another program',
    })
    const started = await host(t, settings)
    box.requests.length = 0
    t.match(await started.sync(), { success: true, newModels: 1 }, 'a key that the gateway adds is not missed here')
    t.match((await started.sync()).providers, [{ status: 'not-modified' }])
    await started.request({ method: 'POST', url: '/models/probe?model=box%2Ftalker' })
    t.equal(box.requests.length, 3)
    for (const { headers } of box.requests)
      t.match(headers, { 'cf-access-client-secret': SECRET, 'x-tenant': 'acme: one' })
    t.notMatch(await database.dump(), SECRET)
    t.notMatch(started.log.text(), SECRET)
  }
  const other = optionsFromEnv({ MODEL_SYNC_OPENAI_COMPATIBLE: `box=${box.url}/v1`, BOX_HEADERS: 'X-Other: 1' })
  const again = await startHost(t, database, { settings: other })
  t.match((await again.sync()).providers, [{ status: 'ok' }], 'another header: the answer is read anew')
})

t.test('a user and password in the address', async (t) => {
  const box = await loopback(t, answer)
  const url = box.url.replace('//', '//bob:hunter22%25@')
  const started = await host(t, { openaiCompatible: [{ slug: 'box', url: `${url}/v1` }] })
  t.match(await started.sync(), { success: true, newModels: 1 })
  const basic = `Basic ${Buffer.from('bob:hunter22%').toString('base64')}`
  t.equal(box.requests[0]?.headers.authorization, basic)
  const shown = (await started.get('/providers')).text + (await started.get('/models/box/talker')).text
  t.notMatch(shown + (await database.dump()), /hunter22|bob/)
  const keyed = await host(t, {
    openaiCompatible: [{ slug: 'box', url: `${url}/v1`, keyVariable: 'K', apiKey: 'sk-1' }],
  })
  await keyed.sync()
  t.equal(box.requests.at(-1)?.headers.authorization, 'Bearer sk-1', 'a key in the same header wins')
})

t.test('a redirect to another origin gets nothing of it', async (t) => {
  const elsewhere = await loopback(t, answer)
  const box = await loopback(
    t,
    (_, response) => void response.writeHead(307, { location: `${elsewhere.url}/v1/models` }).end(),
  )
  const started = await host(t, {
    openaiCompatible: [{ slug: 'box', url: box.url.replace('//', '//bob:hunter22@') }],
    providerOptions: { box: { headers: { 'x-secret': SECRET } } },
  })
  const { errors } = await started.sync()
  t.match(errors, [
    /^box: GET \/v1\/models points to another origin \(http:\/\/127[^)]*\), where nothing is sent; if that is right, set/,
  ])
  t.equal(elsewhere.requests.length, 0)
  const odd = await loopback(t, (_, response) => void response.writeHead(302, { location: 'file:///etc/passwd' }).end())
  const other = await host(t, { openaiCompatible: [{ slug: 'box', url: odd.url }] })
  t.match((await other.sync()).errors, [/is redirected to a file: address; expected http or https/])
})

t.test('headers that cannot be sent are refused by the name of their variable, without a value', async (t) => {
  const box = await loopback(t, answer)
  for (const headers of [
    'no colon here s3cret',
    '{"a":1,"b":"s3cret"}',
    'Host name: s3cret',
    'Content-Length: 3',
    'X: \u0001s3cret',
  ]) {
    const settings = optionsFromEnv({ MODEL_SYNC_OPENAI_COMPATIBLE: `box=${box.url}/v1`, BOX_HEADERS: headers })
    const error = await startHost(t, database, { settings }).then(
      () => null,
      (thrown: Error) => thrown,
    )
    t.match(
      error,
      { code: 'FST_MODEL_SYNC_OPTIONS', message: /BOX_HEADERS \(providerOptions\.box\.headers\)/ },
      headers,
    )
    t.notMatch(error?.message, 's3cret')
  }
})

t.test('client certificates', async (t) => {
  const client = await certificates.client('model-sync')
  const stranger = await createCertificates().then((others) => others.client('stranger'))
  const server = await certificates.server('127.0.0.1')
  const { ca, cert, key, otherCert, otherKey } = (await files(t, {
    ca: certificates.ca,
    ...client,
    otherCert: stranger.cert,
    otherKey: stranger.key,
  })) as Record<'ca' | 'cert' | 'key' | 'otherCert' | 'otherKey', string>
  for (const maxVersion of [undefined, 'TLSv1.2'] as const) {
    const mtls = await tlsLoopback(
      t,
      { ...server, clientCa: certificates.ca, ...(maxVersion === undefined ? {} : { maxVersion }) },
      answer,
    )
    const box = { openaiCompatible: [{ slug: 'box', url: `https://127.0.0.1:${mtls.port}/v1` }] }
    const without = await host(t, { ...box, tls: { ca } })
    t.match((await without.sync()).errors, [/client certificate.*set MODEL_SYNC_TLS_CERT and MODEL_SYNC_TLS_KEY/])
    const untrusted = await host(t, { ...box, tls: { cert, key } })
    t.match((await untrusted.sync()).errors, [/TLS with 127.* failed.*check the certificate/])
    const withOne = await host(t, {
      ...box,
      ...optionsFromEnv({ MODEL_SYNC_TLS_CERT: cert, MODEL_SYNC_TLS_KEY: key, MODEL_SYNC_TLS_CA: ca }),
    })
    t.match(await withOne.sync(), { success: true, newModels: 1 })
    t.match((await withOne.request({ method: 'POST', url: '/models/probe?model=box%2Ftalker' })).body, { ok: true })
    t.same(mtls.clients, ['model-sync', 'model-sync'])
    const own = await host(t, {
      ...box,
      tls: { cert: otherCert, key: otherKey },
      providerOptions: { box: { tls: { cert, key, ca } } },
    })
    t.match(await own.sync(), { success: true, newModels: 1 }, 'of one provider')
    const wrong = await host(t, { ...box, tls: { cert: otherCert, key: otherKey, ca } })
    t.match(await wrong.sync(), { success: false })
  }
  const cases: [tls: object, message: RegExp][] = [
    [
      { cert: '/no/such.pem' },
      /MODEL_SYNC_TLS_CERT \(tls\.cert\) names "\/no\/such\.pem", which cannot be read \(ENOENT\)/,
    ],
    [{ cert, key: otherKey }, /MODEL_SYNC_TLS_CERT .*MODEL_SYNC_TLS_KEY .*that fits the certificate/],
    [{ key }, /MODEL_SYNC_TLS_KEY .* is set and MODEL_SYNC_TLS_CERT .* is not/],
    [{ cert: key }, /MODEL_SYNC_TLS_CERT .*expected PEM/],
  ]
  for (const [tls, message] of cases)
    await t.rejects(startHost(t, database, { settings: { tls } }), { code: 'FST_MODEL_SYNC_OPTIONS', message })
})

t.test('nginx says with a page what other servers say in the handshake', async (t) => {
  const page = '<html><head><title>400 No required SSL certificate was sent</title></head></html>'
  const box = await loopback(t, (_, response) => void response.writeHead(400).end(page))
  const started = await host(t, { openaiCompatible: [{ slug: 'box', url: box.url }] })
  t.match((await started.sync()).errors, [/answered 400: it wants a client certificate; set MODEL_SYNC_TLS_CERT/])
})

const encrypted = (key: string, passphrase: string): string =>
  createPrivateKey(key).export({ type: 'pkcs8', format: 'pem', cipher: 'aes-256-cbc', passphrase }) as string

t.test('an encrypted key is opened with its passphrase, which is nowhere else', async (t) => {
  const { cert, key } = await certificates.client('encrypted')
  const paths = (await files(t, { ca: certificates.ca, cert, key: encrypted(key, SECRET) })) as Record<string, string>
  const mtls = await tlsLoopback(t, { ...(await certificates.server('127.0.0.1')), clientCa: certificates.ca }, answer)
  const box = { openaiCompatible: [{ slug: 'box', url: `https://127.0.0.1:${mtls.port}/v1` }] }
  const env = { MODEL_SYNC_TLS_CERT: paths['cert'], MODEL_SYNC_TLS_KEY: paths['key'], MODEL_SYNC_TLS_CA: paths['ca'] }
  const withAll = await host(t, { ...box, ...optionsFromEnv({ ...env, MODEL_SYNC_TLS_KEY_PASSPHRASE: SECRET }) })
  t.match(await withAll.sync(), { success: true, newModels: 1 })
  const own = { ...paths, keyPassphrase: SECRET }
  const forOne = await host(t, { ...box, providerOptions: { box: { tls: own } } })
  t.match(await forOne.sync(), { success: true, newModels: 1 })
  t.same(mtls.clients, ['encrypted', 'encrypted'])
  t.notMatch((await database.dump()) + withAll.log.text() + forOne.log.text(), SECRET)
  for (const [settings, message] of [
    [optionsFromEnv(env), /the key is encrypted; set MODEL_SYNC_TLS_KEY_PASSPHRASE \(tls\.keyPassphrase\)/],
    [{ tls: { ...paths, keyPassphrase: 'wr0ng-one' } }, /MODEL_SYNC_TLS_KEY_PASSPHRASE .* does not open the key/],
    [
      { providerOptions: { box: { tls: { ...own, keyPassphrase: 'wr0ng-one' } } } },
      /providerOptions\.box\.tls\.keyPassphrase does not open the key/,
    ],
  ] as const) {
    const error = await startHost(t, database, { settings: { ...box, ...settings } }).then(
      () => null,
      (thrown: Error) => thrown,
    )
    t.match(error, { code: 'FST_MODEL_SYNC_OPTIONS', message })
    t.notMatch(error?.message, /wr0ng|s3cret/)
  }
})

t.test('files that are renewed are taken without a restart, half-written ones when they are whole', async (t) => {
  const folder = path.dirname(Object.values(await files(t, { any: '' }))[0] ?? '')
  // As Kubernetes mounts a secret: links into a folder that is replaced as a whole.
  const write = async (name: string, texts: Record<string, string>): Promise<void> => {
    await mkdir(path.join(folder, name), { recursive: true })
    for (const [file, text] of Object.entries(texts)) await writeFile(path.join(folder, name, file), text)
    await symlink(name, path.join(folder, 'next'))
    await rename(path.join(folder, 'next'), path.join(folder, 'data'))
  }
  const [first, second, third] = [
    await certificates.client('first'),
    await certificates.client('second'),
    await certificates.client('third'),
  ]
  const others = await createCertificates()
  await write('1', { 'tls.crt': first.cert, 'tls.key': first.key, 'ca.crt': others.ca })
  const mtls = await tlsLoopback(t, { ...(await certificates.server('127.0.0.1')), clientCa: certificates.ca }, answer)
  const [cert, key, ca] = ['tls.crt', 'tls.key', 'ca.crt'].map((name) => path.join(folder, 'data', name))
  const started = await host(t, {
    openaiCompatible: [{ slug: 'box', url: `https://127.0.0.1:${mtls.port}/v1` }],
    tls: { cert, key, ca },
  })
  t.match((await started.sync()).errors, [/TLS with 127.* failed/], 'the authority is another one')
  await write('2', { 'tls.crt': first.cert, 'tls.key': first.key, 'ca.crt': certificates.ca })
  t.match(await started.sync(), { success: true })
  await write('3', { 'tls.crt': second.cert, 'tls.key': second.key, 'ca.crt': certificates.ca })
  t.match(await started.sync(), { success: true })
  await writeFile(cert!, third.cert)
  t.match(await started.sync(), { success: true }, 'the key of another certificate: those before stay')
  await writeFile(key!, third.key)
  t.match(await started.sync(), { success: true })
  t.same(mtls.clients, ['first', 'second', 'second', 'third'])
  t.match(started.log.text(), /fits the certificate; the certificates that were read before stay in use/)
  await rm(path.join(folder, 'data'))
  t.match(await started.sync(), { success: true }, 'files that are gone for a moment end nothing')
})

t.test('a client certificate goes through a forward proxy to the target alone', async (t) => {
  const { cert, key } = await certificates.client('tunnelled')
  const paths = await files(t, { ca: certificates.ca, cert, key: encrypted(key, SECRET) })
  const mtls = await tlsLoopback(t, { ...(await certificates.server('api.test')), clientCa: certificates.ca }, answer)
  const proxy = await startForwardProxy(t, { routes: { 'api.test:443': mtls.port } })
  const started = await host(t, {
    openaiCompatible: [{ slug: 'box', url: 'https://api.test/v1' }],
    proxy: proxy.url,
    tls: { ...paths, keyPassphrase: SECRET },
  })
  t.match(await started.sync(), { success: true, newModels: 1 })
  t.same(mtls.clients, ['tunnelled'])
  t.same(proxy.asked, ['CONNECT api.test:443'])
  const without = await host(t, {
    openaiCompatible: [{ slug: 'box', url: 'https://api.test/v1' }],
    proxy: proxy.url,
    tls: { ca: paths['ca'] },
  })
  t.match((await without.sync()).errors, [/client certificate/])
})
