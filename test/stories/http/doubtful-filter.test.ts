/** What is hard to believe is found by the filter as well, whichever price it is and whoever may see the model. */
import { randomBytes } from 'node:crypto'
import t from 'tap'
import { createPostgresDatabase } from '../../support/databases.js'
import { startHost } from '../../support/host.js'
import { json, loopback } from '../../support/loopback.js'

const OWN_KEY = 'sk-or-of-anna-0123456789'
const model = (id: string, pricing: object): object => ({
  ...{ id: `a/${id}`, created: 1_780_000_000 + id.length, context_length: 128_000 },
  architecture: { input_modalities: ['text'], output_modalities: ['text'] },
  pricing: { prompt: '0.000001', completion: '0.000002', ...pricing },
})
const LISTED = [
  model('usual', { overrides: [{ min_prompt_tokens: 64_000, prompt: '0.000002' }] }),
  model('dear-sound', { audio: '0.5' }),
  model('early-tier', { overrides: [{ min_prompt_tokens: 64, prompt: '0.000002' }] }),
  model('dear-at-night', { overrides: [{ utc_start: 2200, utc_end: 600, prompt: '0.2' }] }),
]
const OWN = [model('own', {}), model('own-and-dear', { prompt: '3' })]

t.test('a doubtful price of sound, of a tier, of the night, and of a model that only a user’s key shows', async (t) => {
  const server = await loopback(t, (request, response) => {
    const isOwn = request.headers.authorization === `Bearer ${OWN_KEY}`
    json(response, { data: isOwn ? [...LISTED, ...OWN] : LISTED })
  })
  const host = await startHost(t, await createPostgresDatabase(t), {
    settings: {
      providers: ['openrouter'],
      providerOptions: { openrouter: { baseUrl: server.url } },
      priceBook: false,
      user: (request) => (request.headers['x-user'] as string | undefined) ?? null,
      encryptionKey: randomBytes(32).toString('base64'),
    },
  })
  await host.sync()
  const ask = async (user: string, query = ''): Promise<string[]> => {
    const { body } = await host.get<{ models: { providerModelId: string; doubts: object[] }[]; total: number }>(
      `/models?doubtful=true${query}`,
      { 'x-user': user },
    )
    for (const { providerModelId, doubts } of body.models) t.ok(doubts.length > 0, `${providerModelId} says why`)
    return body.models.map(({ providerModelId }) => providerModelId)
  }
  const everybody = ['a/dear-at-night', 'a/dear-sound', 'a/early-tier']
  t.same(await ask('anna'), everybody)
  t.same(await ask('anna', '&provider=litellm'), [])

  const headers = { 'x-user': 'anna' }
  await host.request({ method: 'PUT', url: '/models/credentials/openrouter', headers, payload: { apiKey: OWN_KEY } })
  t.match(await host.request({ method: 'POST', url: '/models/sync', headers }), { body: { success: true } })
  t.same(await ask('anna'), [...everybody, 'a/own-and-dear'])
  t.same(await ask('bert'), everybody, 'nobody else’s')
})
