/** Providers as rows: what an operator sees, and switching one off and on. */
import { setTimeout } from 'node:timers/promises'
import t from 'tap'
import { databaseKinds } from '../support/databases.js'
import { sources } from '../../src/sources/all-sources.js'
import { startHost } from '../support/host.js'
import { manyRows } from '../support/litellm-rows.js'

interface Provider {
  slug: string
  enabled: boolean
  priority: number
  interval: number | null
  keyPresent: boolean
  keyVariable: string | null
  baseUrl: string | null
  lastSuccessAt: string | null
  availableModels: number
  capabilities: string[]
}

for (const [kind, createDatabase] of databaseKinds) {
  t.test(kind, async (t) => {
    const host = await startHost(t, await createDatabase(t), { litellm: { models: manyRows(4, { seed: 7 }) } })
    const patch = (url: string, payload: object) =>
      host.request<Provider & { code?: string }>({ method: 'PATCH', url, payload })

    await t.test('every source is listed before it was ever synced, and none with its key', async (t) => {
      const { body, text } = await host.get<{ providers: Provider[] }>('/providers')
      t.same(body.providers.map(({ slug }) => slug).sort(), sources.map(({ slug }) => slug).sort())
      const litellm = body.providers.find(({ slug }) => slug === 'litellm')
      t.match(litellm, {
        enabled: true,
        priority: 100,
        interval: null,
        keyPresent: true,
        lastSuccessAt: null,
        availableModels: 0,
      })
      t.equal(litellm?.baseUrl, host.litellm.url)
      t.notMatch(text, host.litellm.key)
    })

    await t.test('a switched-off provider takes its models with it, and brings them back', async (t) => {
      await host.sync()
      const off = await patch('/providers/litellm', { enabled: false })
      t.equal(off.body.enabled, false)
      t.equal(off.body.availableModels, 0)
      for (const model of (await host.models()).values()) t.equal(model.unavailableReason, 'provider-disabled')
      const result = await host.sync()
      t.equal(result.providers[0]?.status, 'disabled')
      t.equal(result.success, true)

      const on = await patch('/providers/litellm', { enabled: true })
      t.equal(on.body.availableModels, 4)
      for (const model of (await host.models()).values())
        t.match(model, { availability: 'available', unavailableReason: null, unavailableSince: null })
      t.equal((await host.sync()).providers[0]?.status, 'ok', 'the next answer is read anew')
      const kinds = (await host.changes())
        .filter(({ kind }) => kind !== 'added')
        .map(({ kind, cause }) => `${kind} ${cause}`)
      t.strictSame(kinds.sort(), [
        ...Array<string>(4).fill('restored rule'),
        ...Array<string>(4).fill('unavailable rule'),
      ])
    })

    await t.test('switched off and on at the same time, its models go with the last', async (t) => {
      const other = await host.pool.connect()
      await other.query('BEGIN')
      await other.query(`SELECT FROM model_sync.providers WHERE slug = 'litellm' FOR UPDATE`)
      const both = [patch('/providers/litellm', { enabled: false }), patch('/providers/litellm', { enabled: true })]
      // Both have read the row by then, and wait for it.
      await setTimeout(kind === 'postgres' ? 300 : 0)
      await other.query('COMMIT')
      other.release()
      await Promise.all(both)
      const { body } = await host.get<Provider>('/providers/litellm')
      t.equal(body.availableModels, body.enabled ? 4 : 0)
      await patch('/providers/litellm', { enabled: true })
    })

    await t.test('what an operator made unavailable stays so through both', async (t) => {
      const [id] = [...(await host.models()).values()].map((model) => model.id)
      await host.request({ method: 'PATCH', url: `/models/${id}`, payload: { availability: 'unavailable' } })
      await patch('/providers/litellm', { enabled: false })
      await patch('/providers/litellm', { enabled: true })
      t.equal((await host.get<{ unavailableReason: string }>(`/models/${id}`)).body.unavailableReason, 'operator')
      await host.request({ method: 'PATCH', url: `/models/${id}`, payload: { unpin: ['availability'] } })
      t.equal((await host.get<{ availability: string }>(`/models/${id}`)).body.availability, 'available')
    })

    await t.test('priority and interval; never an address or a key', async (t) => {
      t.match((await patch('/providers/litellm', { priority: 5, interval: 90 })).body, { priority: 5, interval: 90 })
      t.match((await patch('/providers/litellm', { interval: null })).body, { priority: 5, interval: null })
      t.equal((await patch('/providers/litellm', { baseUrl: 'http://127.0.0.1' })).status, 400)
      t.equal((await patch('/providers/litellm', { interval: 0 })).status, 400)
      const unknown = await patch('/providers/nobody', { enabled: false })
      t.equal(unknown.status, 404)
      t.match(unknown.text, /litellm/)
    })
  })
}
