import t from 'tap'
import { deepinfra } from '../../../src/sources/providers/deepinfra/deepinfra.js'

const [listing] = deepinfra.listings

t.test('the list in OpenAI’s shape, to which an address may lead, is read as well', async (t) => {
  const rows = [
    {
      id: 'Acme/Titan-VL',
      object: 'model',
      created: 0,
      owned_by: 'deepinfra',
      metadata: {
        ...{ description: 'Sees.', context_length: 131_072, max_tokens: 131_072 },
        ...{ pricing: { input_tokens: 0.2, output_tokens: 0.6 }, tags: ['vision', 'reasoning_effort'] },
      },
    },
    { id: 'BAAI/bge-m3', object: 'model', created: 0, owned_by: 'deepinfra', metadata: null },
    { object: 'model', metadata: null },
  ]
  const [titan, vectors, nameless] = listing!.entries({ object: 'list', data: rows }).map((row) => listing!.parse(row))
  t.match(titan, {
    kind: 'model',
    fields: {
      ...{ description: 'Sees.', ownedBy: 'Acme', mode: 'chat', contextLength: 131_072, maxOutputTokens: undefined },
      ...{
        inputCostPerToken: '0.0000002',
        outputCostPerToken: '0.0000006',
        capabilities: { vision: true, reasoning: true },
      },
    },
  })
  t.match(vectors, { kind: 'model', fields: { mode: 'embedding', inputCostPerToken: undefined, contextLength: null } })
  t.strictSame(nameless, { kind: 'rejected', reason: 'the entry has no model_name or id' })
})
