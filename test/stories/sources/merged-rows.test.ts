/** Rows that share an id, of the sources that have a rule of their own for them: the same model in whatever order they come. */
import t from 'tap'
import type { DesiredFields } from '../../../src/core/model/model-fields.js'
import { azure } from '../../../src/sources/providers/azure.js'
import { morpheus } from '../../../src/sources/providers/morpheus/morpheus.js'
import type { Source } from '../../../src/sources/kit/source.js'

function orders<T>(items: readonly T[]): T[][] {
  if (items.length < 2) return [[...items]]
  return items.flatMap((item, at) => orders(items.filter((_, other) => other !== at)).map((rest) => [item, ...rest]))
}

function merged(source: Source, rows: readonly unknown[]): DesiredFields[] {
  const [listing] = source.listings
  return orders(rows).map((order) =>
    order
      .map((row) => {
        const parsed = listing!.parse(row)
        if (parsed.kind !== 'model') throw new Error(parsed.reason)
        return parsed.fields
      })
      .reduce((a, b) => source.merge!(a, b)),
  )
}

t.test('morpheus: named by the newest row, the other names are aliases', async (t) => {
  const rows = [
    { Id: '0xaa', Name: 'Thinker', CreatedAt: 100, ModelType: 'LLM', enrichment: { veniceId: 'thinker-v' } },
    { Id: '0xaa', Name: 'Thinker 3', CreatedAt: 300, ModelType: 'LLM' },
    { Id: '0xaa', Name: 'Thinker 2', CreatedAt: 200, ModelType: 'EMBEDDING', enrichment: { veniceId: 'Thinker 3' } },
    { Id: '0xaa', Name: 'Aardvark', CreatedAt: 300, ModelType: 'LLM' },
  ]
  const [first, ...others] = merged(morpheus, rows)
  t.match(first, { name: 'Thinker 3', mode: 'chat', aliases: ['Aardvark', 'Thinker', 'Thinker 2', 'thinker-v'] })
  for (const other of others) t.strictSame(other, first)
})

t.test('azure: the version that was created last', async (t) => {
  const capabilities = { inference: true, chat_completion: true }
  const rows = [
    { id: 'gpt', created_at: 1_700_000_100, capabilities, deprecation: { inference: 2000000000 } },
    { id: 'gpt', created_at: 1_700_000_300, capabilities, deprecation: { inference: 1900000000 } },
    { id: 'gpt', capabilities: { inference: true, embeddings: true } },
    { id: 'gpt', created_at: 1_700_000_300, capabilities: { inference: true, completion: true } },
  ]
  const [first, ...others] = merged(azure, rows)
  t.equal(first?.createdAt, '2023-11-14T22:18:20.000Z')
  for (const other of others) t.strictSame(other, first)
})

t.test('morpheus: a deleted row is missing, unless its model has another row', async (t) => {
  const { entries, parse } = morpheus.listings[0]!
  const rows = [
    { Id: '0xaa', Name: 'Thinker', IsDeleted: false },
    { Id: '0xaa', Name: 'Thinker', IsDeleted: true },
    { Id: '0xbb', Name: 'Gone', IsDeleted: true },
  ]
  t.same(entries({ models: rows }), [rows[0]])
  t.equal(parse(rows[2]).kind, 'filtered')
})
