/** What code passes to `fastify.modelSync` is read as over HTTP: the same words, and nothing unknown is ignored. */
import t from 'tap'
import type { ModelSync } from '../../../src/plugins/model-sync-decorator.js'
import { createPostgresDatabase } from '../../support/databases.js'
import { startHost } from '../../support/host.js'

const host = await startHost(t, await createPostgresDatabase(t), {
  litellm: {
    models: [
      { model_name: 'gpt-4o', litellm_params: { model: 'openai/gpt-4o' }, model_info: { id: '1', mode: 'chat' } },
    ],
  },
})
const { modelSync } = host.app
await host.sync()

t.test('resolve takes each word for a type that HTTP takes, in any case', async (t) => {
  for (const type of ['chat', 'LLM', 'llm', ' Chat ']) {
    const { id, type: read } = await modelSync.resolve('gpt-4o', { type })
    t.strictSame([id, read], ['litellm/gpt-4o', 'chat'], type)
    t.equal(modelSync.names.resolveCached('gpt-4o', { type }).type, 'chat')
    t.match((await host.get(`/models/resolve?model=gpt-4o&type=${encodeURIComponent(type)}`)).body, { type: 'chat' })
  }
  for (const type of ['EMBEDDINGS', 'tts', 'STT'])
    await t.rejects(modelSync.resolve('gpt-4o', { type }), { code: 'FST_MODEL_SYNC_TYPE_MISMATCH' }, type)
})

t.test('a type that there is none of is the same error as over HTTP', async (t) => {
  const { body, status } = await host.get<{ code: string }>('/models/resolve?model=gpt-4o&type=video')
  t.equal(status, 400)
  const { code } = body
  for (const type of ['video', 'constructor', '', 5 as unknown as string])
    await t.rejects(modelSync.resolve('gpt-4o', { type }), { code, statusCode: 400 }, String(type))
  t.throws(() => modelSync.resolveRequest({ type: 'video' }), { code }, 'and stops the boot')
})

t.test('a member that is not known is refused everywhere, with what was probably meant', async (t) => {
  const wrong: [name: string, meant: string, call: (modelSync: ModelSync, options: never) => unknown][] = [
    ['dryrun', 'dryRun', (m, o) => m.syncModels(o)],
    ['provider', 'providers', (m, o) => m.syncModels(o)],
    ['dryrun', 'dryRun', (m, o) => m.sync.undo('00000000-0000-0000-0000-000000000000', o)],
    ['types', 'type', (m, o) => m.resolve('gpt-4o', o)],
    ['view', 'viewer', (m, o) => m.names.resolveCached('gpt-4o', o)],
    ['fields', 'field', (m, o) => m.resolveRequest(o)],
    ['maxAgeDay', 'maxAgeDays', (m, o) => m.triggers.syncIfStale(o)],
    ['user', 'userId', (m, o) => m.probes.probe('litellm/gpt-4o', o)],
    ['inputToken', 'inputTokens', (m, o) => m.prices.cost(o)],
    ['serach', 'search', (m, o) => m.catalogue.models(o)],
    ['contextMin', '', (m, o) => m.catalogue.models(o)],
    ['models', 'model', (m, o) => m.catalogue.changelog.changes(o)],
    ['triger', 'trigger', (m, o) => m.runs.list(o)],
    ['withing', 'within', (m, o) => m.catalogue.deprecations.list(o)],
    ['unpinned', 'unpin', (m, o) => m.catalogue.editor.edit('litellm/gpt-4o', o, 'me')],
    ['contextLenght', 'contextLength', (m, o) => m.catalogue.editor.add(o, 'me')],
    ['enable', 'enabled', (m, o) => m.providers.change('litellm', o, 'me')],
    ['enable', 'enabled', (m, o) => m.news.change('none', o)],
    ['triger', 'trigger', (m, o) => m.triggers.syncForAll(o)],
    ['dryRun', '', (m, o) => m.triggers.syncForAll(o)],
    ['providrs', 'providers', (m, o) => m.userKeys.syncs.syncModels('me', o)],
  ]
  for (const [name, meant, call] of wrong) {
    const error = await Promise.resolve()
      .then(() => call(modelSync, { [name]: undefined } as never))
      .then(
        () => null,
        (error: Error) => error,
      )
    t.match(error, { name: 'TypeError', code: 'FST_MODEL_SYNC_OPTIONS' }, `${name} for ${meant}`)
    t.match(
      error?.message,
      meant === '' ? `has no option "${name}" (it takes` : `has no option "${name}"; did you mean "${meant}"?`,
    )
  }
  const { total } = await modelSync.catalogue.models()
  t.equal(total, 1, 'and what has defaults for all of them needs none')
})
