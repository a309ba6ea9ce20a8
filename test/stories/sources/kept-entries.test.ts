/** Nothing that no source has named is stored or shown, on the answer of every provider with secrets strewn into it. */
import { gunzipSync, gzipSync } from 'node:zlib'
import t from 'tap'
import { sources } from '../../../src/sources/all-sources.js'
import { migrate } from '../../../src/store/migrate.js'
import { createPostgresDatabase } from '../../support/databases.js'
import { startHost } from '../../support/host.js'
import { serve } from '../../sources/fixture-server.js'
import { TEST_KEY, type SourceFixture } from '../../sources/source-fixture.js'

const CANARY = 'CaNaRy'
const NUMBER = 86_753_090_017
const SALT = {
  api_key: `sk-${CANARY}-1`,
  headers: { authorization: `Bearer ${CANARY}-2` },
  owner_email: `${CANARY}-3@corp.example`,
  path: `/srv/${CANARY}-4`,
  root: `/home/${CANARY}-5`,
  cmd: `llama-server --api-key ${CANARY}-6`,
  args: ['--model', `/home/${CANARY}-7.gguf`],
  system_prompt: `${CANARY}-8`,
  user_id: `${CANARY}-9`,
  account: NUMBER,
  access_control: { read: { user_ids: [`${CANARY}-10`] } },
  info: { params: { system: `${CANARY}-11` } },
}

/** A copy with the salt in every object, whatever its depth, and an object in every list of texts. */
function salted(value: unknown): unknown {
  if (Array.isArray(value)) {
    const members = (value as unknown[]).map(salted)
    return members.some((member) => typeof member === 'string') ? [...members, SALT] : members
  }
  if (typeof value !== 'object' || value === null) return value
  return { ...SALT, ...Object.fromEntries(Object.entries(value).map(([name, member]) => [name, salted(member)])) }
}

t.test('what nobody has named is in no answer, no row, no hook and no log', async (t) => {
  t.setTimeout(240_000)
  const database = await createPostgresDatabase(t)
  const providerOptions: Record<string, object> = {}
  for (const { slug } of sources) {
    const { default: fixture } = (await import(`../../sources/fixtures/${slug}.js`)) as { default: SourceFixture }
    const server = await serve(t, {
      ...fixture,
      answer(request) {
        const answer = fixture.answer(request)
        return (answer.status ?? 200) === 200 ? { ...answer, body: salted(answer.body) } : answer
      },
    })
    providerOptions[slug] = {
      baseUrl: server.url,
      apiKey: fixture.key ?? TEST_KEY,
      maxRejectedPercent: 100,
      ...(fixture.settings === undefined ? {} : { keySettings: fixture.settings }),
    }
  }
  const hooked: unknown[] = []
  const { litellm, ...others } = providerOptions as Record<string, { baseUrl: string; apiKey: string }>
  const host = await startHost(t, database, {
    settings: {
      providers: sources.map(({ slug }) => slug),
      providerOptions: others,
      litellm: { url: litellm?.baseUrl ?? '', apiKey: litellm?.apiKey ?? '' },
      onApply: (_client, changes) => void hooked.push(changes),
      impact: (models) => {
        hooked.push(models)
        return []
      },
    },
  })
  const seen: string[] = []
  for (const body of [{ dryRun: true }, {}]) {
    const result = await host.sync(body)
    t.same(result.errors, [], 'every provider is read')
    seen.push(JSON.stringify(result))
  }

  for (const { id, provider } of await oneOfEach()) {
    const one = await host.get(`/models/${id}`)
    t.type(one.body['upstreamEntry'], 'object', `an entry of ${provider} is kept`)
    seen.push(one.text)
  }
  for (const url of [
    '/models/changes?limit=500',
    '/models/sync/history?limit=50',
    '/providers',
    '/models/discrepancies',
  ])
    seen.push((await host.get(url)).text)
  const chunks = await host.pool.query<{ entries: Buffer }>('SELECT entries FROM model_sync.upstream_entries')
  seen.push(...chunks.rows.map(({ entries }) => gunzipSync(entries).toString()))
  seen.push(await database.dump(), JSON.stringify(hooked), host.log.text())
  t.ok(seen.join('').length > 100_000, 'there is something to look at')
  for (const text of seen) {
    const at = text.search(new RegExp(`${CANARY}|${NUMBER}`))
    if (at !== -1) t.fail('what nobody has named is found', { around: text.slice(Math.max(0, at - 200), at + 60) })
  }

  /** A model with an entry. */
  async function oneOfEach(): Promise<{ id: string; provider: string }[]> {
    const { rows } = await host.pool.query<{ id: string; provider: string }>(
      `SELECT DISTINCT ON (p.slug) p.slug || '/' || m.provider_model_id AS id, p.slug AS provider
      FROM model_sync.models AS m
      JOIN model_sync.providers AS p ON p.id = m.provider_id
      WHERE m.entry_chunk IS NOT NULL`,
    )
    t.equal(rows.length, sources.length, 'of each provider')
    return rows
  }
})

t.test('after an update, entries of old are gone at once, and no model is called updated for it', async (t) => {
  const database = await createPostgresDatabase(t)
  const { default: openrouter } = await import('../../sources/fixtures/openrouter.js')
  const upstream = await serve(t, openrouter)
  const host = await startHost(t, database, {
    settings: {
      providers: ['litellm', 'openrouter'],
      providerOptions: { openrouter: { baseUrl: upstream.url } },
    },
  })
  await host.sync()
  const entryOf = async (id: string): Promise<unknown> => (await host.get(`/models/${id}`)).body['upstreamEntry']
  const [known] = (await host.models()).values()
  const before = await Promise.all(['openrouter/acme/painter', known?.id ?? ''].map(entryOf))
  t.match(before, [{ id: 'acme/painter' }, { model_name: known?.providerModelId }])

  // As the version before kept it.
  const whole = gzipSync(JSON.stringify(Array.from({ length: 50 }, () => ({ api_key: CANARY }))))
  await host.pool.query(
    `UPDATE model_sync.upstream_entries
    SET entries = $1
    WHERE provider_id = (SELECT id FROM model_sync.providers WHERE slug = 'openrouter')`,
    [whole],
  )
  t.same(await entryOf('openrouter/acme/painter'), { api_key: CANARY })
  await host.pool.query(`DELETE FROM model_sync.migrations WHERE version = 12`)
  const etag = String((await host.get('/models/openrouter/acme/painter')).headers['etag'])
  await migrate(host.pool, { schema: 'model_sync' })
  const fresh = await host.get('/models/openrouter/acme/painter', { 'if-none-match': etag })
  t.equal(fresh.status, 200, 'no cache stands for it')
  t.equal(fresh.body['upstreamEntry'], null)
  t.same(await entryOf(known?.id ?? ''), before[1], 'LiteLLM’s stay')

  const { updatedModels, newModels, providers } = await host.sync()
  t.same({ updatedModels, newModels }, { updatedModels: 0, newModels: 0 })
  t.same(
    providers.map(({ status }) => status),
    ['not-modified', 'ok'],
  )
  t.same(await entryOf('openrouter/acme/painter'), before[0])
  t.same((await host.changes('&kind=updated')).length, 0)
})
