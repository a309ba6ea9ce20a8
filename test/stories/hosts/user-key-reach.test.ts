/** How far a key of a user goes: not into code that reads files and settings of the machine, and not over plain http without a word. */
import { randomBytes } from 'node:crypto'
import type { FastifyRequest } from 'fastify'
import t from 'tap'
import type { SyncResult } from '../../../src/core/records/sync-result.js'
import { bearer, type Source } from '../../../src/sources/kit/source.js'
import { openai } from '../../../src/sources/providers/openai.js'
import { createPostgresDatabase } from '../../support/databases.js'
import { startHost, type HostOptions } from '../../support/host.js'
import { loopback } from '../../support/loopback.js'

const settings = (): NonNullable<HostOptions['settings']> => ({
  encryptionKey: randomBytes(32).toString('base64'),
  user: (request: FastifyRequest) => (request.headers['x-user'] as string | undefined) ?? null,
})
const headers = { 'x-user': 'anna' }

t.test('a key that names a file of the machine is never looked at', async (t) => {
  const asked: string[] = []
  const upstream = await loopback(t, (_request, response) => void response.end('{"data":[{"id":"m"}]}'))
  const own: Source = {
    ...openai,
    slug: 'own',
    baseUrl: upstream.url,
    authorize: async ({ key }) => {
      asked.push(key)
      return () => Promise.resolve(bearer(key))
    },
  }
  const host = await startHost(t, await createPostgresDatabase(t), {
    settings: {
      ...settings(),
      sources: [own],
      providers: ['own'],
      providerOptions: {
        own: { apiKey: 'the-key-of-the-backend' },
        'google-vertex': { baseUrl: upstream.url },
        bedrock: { baseUrl: upstream.url },
      },
    },
  })
  const keys = { own: '/etc/passwd', 'google-vertex': '/etc/credentials.json', bedrock: 'AKIAIOSFODNN7EXAMPLE' }
  for (const [provider, apiKey] of Object.entries(keys))
    await host.request({ method: 'PUT', url: `/models/credentials/${provider}`, headers, payload: { apiKey } })
  const { body } = await host.request<SyncResult>({
    method: 'POST',
    url: '/models/sync?keys=own',
    headers,
    payload: {},
  })
  t.strictSame(
    body.providers.map(({ provider, status }) => [provider, status]).sort(),
    Object.keys(keys)
      .map((provider) => [provider, 'skipped'])
      .sort(),
  )
  t.match(body.warnings.join('\n'), /own: skipped, since its requests are authorized by more than a key/)
  t.strictSame(asked, [])
  t.equal(upstream.requests.length, 0)
  t.equal((await host.sync({ providers: ['own'] })).success, true, 'the backend’s own key is')
  t.strictSame(asked, ['the-key-of-the-backend'])
})

t.test('over plain http to another host a key of a user draws a warning, as the backend’s does', async (t) => {
  for (const [address, warned] of [
    ['http://127.evil.invalid:9', true],
    ['http://127.0.0.1:9', false],
  ] as const) {
    const host = await startHost(t, await createPostgresDatabase(t), {
      settings: {
        ...settings(),
        providers: ['openai'],
        providerOptions: { openai: { baseUrl: address, apiKey: 'the-key-of-the-backend', timeoutMs: 300 } },
      },
    })
    const sent = (line: string): number => host.log.messages(40).filter((message) => message.startsWith(line)).length
    t.equal(sent('The API key is sent over plain http'), warned ? 1 : 0)
    const payload = { apiKey: 'sk-anna-5f2c9e81aa77' }
    await host.request({ method: 'PUT', url: '/models/credentials/openai', headers, payload })
    for (let run = 0; run < 2; run++)
      await host.request({ method: 'POST', url: '/models/sync?keys=own', headers, payload: {} })
    t.equal(sent('Keys of users are sent over plain http'), warned ? 1 : 0, 'once')
  }
})
