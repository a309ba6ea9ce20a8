/** What a model is for: stated in LiteLLM's words or newer ones, or assumed, which is shown and found and decides nothing. */
import t from 'tap'
import { assumedMode } from '../../../src/core/model/guess-mode.js'
import { databaseKinds } from '../../support/databases.js'
import { startHost } from '../../support/host.js'
import { modelRow, type ModelRow } from '../../support/loopback-litellm.js'

const ROWS: [name: string, mode: string | null, shown: string | null, from: string | undefined][] = [
  ['stated', 'chat', 'chat', 'upstream'],
  ['talker', 'realtime', 'realtime', 'upstream'],
  ['pages', 'ocr', 'ocr', 'upstream'],
  ['smart', 'router', 'router', 'upstream'],
  ['worlds', 'world-model', 'world_model', 'upstream'],
  ['house-llama', null, 'chat', 'assumed'],
  ['team/house-qwen', null, 'chat', 'assumed'],
  ['ft:house:acme:whisper:x', null, 'chat', 'assumed'],
  ['openai/ft:davinci-002:acme::x', null, null, undefined],
  ['openai/ft:gpt-4o:acme:whisper:x', null, 'chat', 'assumed'],
  ['house-embedding', null, null, undefined],
  ['House/Whisper-2', null, null, undefined],
  ['rerank-house', null, null, undefined],
  ['House/Speech-02-hd', null, null, undefined],
  ['elevenlabs/house_v4', null, null, undefined],
  ['house-audio-mini', null, null, undefined],
  ['databricks-bge-house', null, null, undefined],
  ['house/flux/dev', null, null, undefined],
]

const rowOf = ([name, mode]: (typeof ROWS)[number]): ModelRow =>
  modelRow({
    model_name: name,
    model_info: { mode: mode === 'router' ? null : mode },
    litellm_params: { model: mode === 'router' ? `auto_router/${name}` : name },
  })

for (const [kind, create] of databaseKinds)
  t.test(kind, async (t) => {
    const host = await startHost(t, await create(t))
    await host.reset(ROWS.map(rowOf))
    t.match(await host.sync(), { success: true, warnings: [] }, 'a newer word is no fault')

    const found = async (query: string): Promise<string[]> => {
      const { body } = await host.get(`/models?${query}`)
      return (body['models'] as { providerModelId: string }[]).map(({ providerModelId }) => providerModelId)
    }
    for (const [name, , shown, from] of ROWS) {
      const { body } = await host.get(`/models/litellm/${encodeURIComponent(name)}`)
      t.match(
        { mode: body['mode'], from: (body['provenance'] as Record<string, string>)['mode'] },
        { mode: shown, from },
        name,
      )
      t.ok((await found(`mode=${shown ?? 'unknown'}`)).includes(name), `${name} is found`)
      t.equal(assumedMode('litellm', name) ?? 'unknown', from === undefined ? 'unknown' : assumedMode('litellm', name))
    }
    t.strictSame((await found('mode=chat')).sort(), [
      'ft:house:acme:whisper:x',
      'house-llama',
      'openai/ft:gpt-4o:acme:whisper:x',
      'stated',
      'team/house-qwen',
    ])
    t.match((await host.get('/models/stats')).body, {
      byMode: { chat: 5, realtime: 1, ocr: 1, world_model: 1, unknown: 9 },
    })
    t.strictSame((await found('sort=-mode')).at(0), 'worlds')
    t.match(await host.get('/models?mode=chatt'), {
      status: 400,
      body: {
        message: /mode is "chatt", which no model states: expected one of chat, .*, world_model; did you mean chat\?/,
      },
    })

    const resolve = (name: string, type: string) =>
      host.get(`/models/resolve?strict=true&model=${encodeURIComponent(name)}&type=${type}`)
    for (const type of ['chat', 'embedding', 'speech']) {
      t.match(
        await resolve('house-llama', type),
        { status: 200, body: { mode: null } },
        `an assumption decides no ${type}`,
      )
      for (const name of ['talker', 'pages', 'worlds'])
        t.match(
          await resolve(name, type),
          { status: 400, body: { code: 'FST_MODEL_SYNC_TYPE_MISMATCH' } },
          `${name} ${type}`,
        )
    }

    t.match(await resolve('smart', 'chat'), { status: 200, body: { mode: 'router' } }, 'a router serves chats')
    t.match(await resolve('smart', 'embedding'), { status: 400 })
    t.match((await host.get('/models/litellm/smart')).body, {
      inputCostPerToken: null,
      otherPrices: [],
      contextLength: null,
    })

    await host.request({ method: 'PATCH', url: '/models/litellm/house-llama', payload: { mode: null } })
    t.match((await host.get('/models/litellm/house-llama')).body, { mode: null, provenance: { mode: 'pin' } })
    t.notOk((await found('mode=chat')).includes('house-llama'), 'what a person calls unknown is not assumed')

    await host.reset(ROWS.map(rowOf))
    t.match(await host.sync(), { updatedModels: 0 })
  })
