/** An id that changes in case only is the same model: one row, its history and pins kept, and the old id still leads to it. */
import type { Test } from 'tap'
import type { TestDatabase } from '../../support/databases.js'
import { infoOf, startTrustHost, rows, serve } from './support.js'

export default async function suite(t: Test, database: TestDatabase): Promise<void> {
  const host = await startTrustHost(t, database)
  const { litellm } = host
  const rename = (from: string, to: string) => {
    const row = litellm.models.find(({ model_name }) => model_name === from)!
    serve(litellm, [...litellm.models.filter((other) => other !== row), ...rows([to, row.model_info])])
  }

  t.test('one row, renamed', async (t) => {
    await host.reset(rows('vendor/Model', 'b', 'c'))
    await host.sync()
    await host.patch('litellm/vendor/Model', { description: 'mine' })
    const before = await host.model('litellm/vendor/Model')
    rename('vendor/Model', 'Vendor/model')
    infoOf(litellm, 'Vendor/model')['max_input_tokens'] = 7

    t.match(await host.plan(), {
      renamed: [{ modelId: 'litellm/Vendor/model', from: 'litellm/vendor/Model' }],
      updated: [{ modelId: 'litellm/Vendor/model' }],
      added: [],
      unavailable: [],
    })
    const result = await host.sync()
    t.match(result, { success: true, renamedModels: 1, updatedModels: 0, newModels: 0, unavailableModels: 0 })
    const after = await host.model('litellm/Vendor/model')
    t.match(after, {
      id: 'litellm/Vendor/model',
      description: 'mine',
      contextLength: 7,
      aliases: ['vendor/Model'],
      firstSeenAt: before.firstSeenAt,
    })
    t.match(after.upstreamEntry, { model_name: 'Vendor/model' })
    t.strictSame(await host.model('litellm/vendor/Model'), after, 'the old id answers with the model')
    t.equal((await host.models()).size, 3)
    t.match(
      (await host.changes('&model=litellm/Vendor/model')).map(({ kind, field, from, to }) => [kind, field, from, to]),
      [
        ['updated', 'contextLength', 128_000, 7],
        ['updated', 'name', 'vendor/Model', 'Vendor/model'],
        ['renamed', null, 'vendor/Model', 'Vendor/model'],
        ['updated', 'description', null, 'mine'],
        ['added'],
      ].sort(() => 0),
    )
    t.match(await host.sync({ forceUpdate: true }), { renamedModels: 0, updatedModels: 0, newModels: 0 })

    t.equal(
      (await host.patch('litellm/vendor/Model', { contextLength: 9 })).body.id,
      'litellm/Vendor/model',
      'to edit it, too',
    )
    await host.patch('litellm/Vendor/model', { unpin: ['contextLength'] })
    infoOf(litellm, 'Vendor/model')['max_input_tokens'] = 8
    t.match(await host.sync(), { updatedModels: 1 }, 'and it goes on being synced')
  })

  t.test('there and back', async (t) => {
    await host.reset(rows('a', 'b'))
    await host.sync()
    rename('a', 'A')
    await host.sync()
    rename('A', 'a')
    t.match(await host.sync(), { renamedModels: 1 })
    t.match(await host.model('litellm/a'), { id: 'litellm/a', aliases: ['A'] })
    t.match(await host.model('litellm/A'), { id: 'litellm/a' })
  })

  t.test('the old id belongs to another model again', async (t) => {
    await host.reset(rows('a', 'b'))
    await host.sync()
    rename('a', 'A')
    await host.sync()
    litellm.models.push(...rows(['a', { max_input_tokens: 1 }]))
    t.match(await host.sync(), { newModels: 1, renamedModels: 0 })
    t.match(await host.model('litellm/a'), { id: 'litellm/a', contextLength: 1 })
    t.match(await host.model('litellm/A'), { id: 'litellm/A', contextLength: 128_000 })
    t.equal((await host.patch('litellm/a', { description: 'x' })).body.id, 'litellm/a')
  })

  t.test('of several nobody can say', async (t) => {
    await host.reset(rows('ab', 'x'))
    await host.sync()
    serve(litellm, rows('AB', 'Ab', 'x'))
    t.match(await host.sync(), { renamedModels: 0, newModels: 2, unavailableModels: 1 })
  })

  t.test('a rename of all is no mass removal', async (t) => {
    await host.reset(rows('a', 'b', 'c', 'd'))
    await host.sync()
    serve(litellm, rows('A', 'B', 'C', 'D'))
    t.match(await host.sync(), { success: true, renamedModels: 4, newModels: 0, unavailableModels: 0, heldChanges: 0 })
  })
}
