/** One model over HTTP: its entry and its changes, ids of any spelling in the path, OpenAI's shape, and the counts. */
import type { Test } from 'tap'
import type { TestHost } from '../../support/host.js'
import { modelRow } from '../../support/loopback-litellm.js'
import type { ModelRecord } from '../../../src/core/model/model-record.js'

interface Page {
  models: ModelRecord[]
  total: number
}

/** On the catalogue of catalogue.test.ts. */
export default async function suite(t: Test, host: TestHost): Promise<void> {
  t.test('one model: its entry and its last changes', async (t) => {
    const { body } = await host.get('/models/litellm/Alpha')
    t.match(body, {
      id: 'litellm/Alpha',
      pins: {},
      hidden: false,
      stale: false,
      conflicts: [],
      upstreamEntry: {
        model_name: 'Alpha',
        litellm_params: { model: 'openai/Alpha' },
        model_info: { mode: 'chat', max_output_tokens: 5 },
      },
      changes: [{ kind: 'updated', field: 'maxOutputTokens' }, { kind: 'added' }],
      provenance: { contextLength: 'upstream' },
    })
    t.notOk('description' in (body['provenance'] as object), 'what is unknown comes from nowhere')
    t.same(
      (await host.get<Page>('/models?id=litellm/Alpha')).body.models[0],
      Object.fromEntries(Object.entries(body).filter(([name]) => !['upstreamEntry', 'changes'].includes(name))),
    )
    t.match(await host.get('/models/litellm/nothing'), {
      status: 404,
      body: { code: 'FST_MODEL_SYNC_NOT_FOUND', message: /"litellm\/nothing".*search/ },
    })
    for (const url of ['/models/Alpha', '/models/nobody/Alpha', '/models/litellm/', '/models/litellm/alpha'])
      t.equal((await host.get(url)).status, 404, url)
  })

  t.test('ids in the path: slashes plain or %2F, and everything else that an id may hold', async (t) => {
    const odd = [
      'a/b/c',
      'q?x=1',
      'frag#ment',
      '100%',
      'per%2Fcent',
      'with space',
      'a:b@c',
      "it's",
      'plus+plus',
      'semi;colon',
      'ünï/çode',
      '😀',
      'a//b',
      'trailing/',
      'x'.repeat(600),
    ]
    host.litellm.models.push(...odd.map((model_name) => modelRow({ model_name })))
    await host.sync()
    for (const name of odd) {
      const whole = encodeURIComponent(`litellm/${name}`)
      const bySegment = `litellm/${name.split('/').map(encodeURIComponent).join('/')}`
      for (const path of [whole, bySegment]) {
        t.match(await host.get(`/models/${path}`), { status: 200, body: { providerModelId: name } }, path.slice(0, 60))
        t.match(
          await host.get(`/v1/models/${path}`),
          { status: 200, body: { id: `litellm/${name}` } },
          `v1 ${path.slice(0, 60)}`,
        )
      }
      t.equal((await host.get<Page>(`/models?id=${whole}`)).body.total, 1, name.slice(0, 60))
    }
    t.equal((await host.get('/models/litellm/%E0%A4%A')).status, 400, 'what is no UTF-8')
  })

  t.test('/v1/models: the available models in OpenAI’s shape', async (t) => {
    const { body } = await host.get<{
      object: string
      data: { id: string; object: string; created: number; owned_by: string }[]
    }>('/v1/models')
    t.equal(body.object, 'list')
    const available = (await host.get<Page>('/models?availability=available&limit=1')).body.total
    t.equal(body.data.length, available)
    const alpha = body.data.find(({ id }) => id === 'litellm/Alpha')
    t.strictSame(Object.keys(alpha!), [
      'id',
      'object',
      'created',
      'owned_by',
      'context_length',
      'max_output_tokens',
      'mode',
      'pricing',
    ])
    t.match(alpha, { object: 'model', owned_by: 'anthropic' })
    t.ok(Math.abs(alpha!.created - Date.now() / 1000) < 600, 'seconds')
    t.notOk(body.data.some(({ id }) => id === 'litellm/vendor-29/model-00149'))
    t.match(await host.get('/v1/models/litellm/vendor-29/model-00149'), {
      status: 404,
      body: { error: { code: 'model_not_found' } },
    })
    t.same((await host.get('/v1/models/litellm/Alpha')).body, alpha)
  })

  t.test('counts', async (t) => {
    const stats = (await host.get('/models/stats')).body
    const all = [...(await host.models()).values()]
    t.match(stats, {
      totalModels: all.length,
      unavailableModels: 1,
      availableModels: all.length - 1,
      byProvider: { litellm: all.length },
    })
    t.match(stats['byMode'], { embedding: 1, chat: all.length - 1 })
    const sync = (await host.get('/models/sync/stats')).body
    t.match(sync, {
      totalModels: all.length,
      availableModels: all.length - 1,
      unavailableModels: 1,
      lastSyncAt: /^\d{4}-.*Z$/,
    })
  })
}
