/** What holds of every catalogue: each model is found by its public id, and a model whose names are all new changes no other's. */
import fc from 'fast-check'
import t from 'tap'
import { MODES } from '../../../src/core/model/model.js'
import { serves } from '../../../src/core/names/request-type.js'
import { REQUEST_TYPES } from '../../../src/core/names/request-types.js'
import type { ResolvableModel } from '../../../src/core/names/resolvable-model.js'
import { ModelResolver } from '../../../src/core/names/model-resolver.js'
import { DEFAULTS, resolvable } from './resolvable.js'

const PROVIDERS = ['a', 'b', 'v'] as const
// Few and alike, so that ids, names and aliases meet: each spelling of some, paths that look like public ids, words with a meaning.
const word = fc.constantFrom(
  'x',
  'X',
  'x y',
  'x-y',
  'X_Y',
  'a/x',
  'a/b/x',
  'b/x',
  'v/m',
  '0xab',
  '0xAB',
  '0xaB',
  'a/0xab',
  'default',
  ' ',
  'mistral-31-24b',
  'constructor',
)
const models = fc.uniqueArray(
  fc
    .record({
      providerModelId: word,
      provider: fc.constantFrom(...PROVIDERS),
      name: word,
      mode: fc.constantFrom(null, ...MODES.slice(0, 6)),
      aliases: fc.array(word, { maxLength: 3 }),
      createdAt: fc.constantFrom(null, '2026-01-01T00:00:00.000Z', '2026-02-01T00:00:00.000Z'),
    })
    .map(({ providerModelId, ...more }) => resolvable(providerModelId, more)),
  { selector: ({ id }) => id, maxLength: 12 },
)

function build(all: readonly ResolvableModel[]): ModelResolver {
  return new ModelResolver({ models: all, defaults: DEFAULTS, providerOrder: ['b', 'a'] })
}

/** The model's id, or the code of the error. */
function outcome(all: ModelResolver, name: string, type: (typeof REQUEST_TYPES)[number]): string {
  try {
    const { id, matchedBy, alternatives } = all.resolve(name, { type, strict: true }).answer
    return [id, matchedBy, ...alternatives].join(' ')
  } catch (error) {
    return (error as { code: string }).code
  }
}

t.test('every model resolves to itself by its public id', async (t) => {
  fc.assert(
    fc.property(models, (all) => {
      const resolver = build(all)
      for (const model of all) {
        for (const type of REQUEST_TYPES.filter((one) => serves(model.mode, one))) {
          const { answer } = resolver.resolve(model.id, { type, strict: true })
          if (answer.id !== model.id || answer.matchedBy !== 'id')
            throw new Error(`${model.id} resolved to ${answer.id}`)
        }
      }
    }),
    { numRuns: 500 },
  )
  t.pass()
})

t.test('a model whose id, name and aliases are new leaves what every other exact name means', async (t) => {
  const fresh = fc.record({
    providerModelId: fc.constantFrom('new', 'New 1', '0xNEW', 'n/e/w'),
    provider: fc.constantFrom(...PROVIDERS),
    name: fc.constantFrom('newest', 'Newest Name', 'NEW'),
    aliases: fc.array(fc.constantFrom('new-alias', 'New Alias'), { maxLength: 2 }),
  })
  fc.assert(
    fc.property(models, fresh, fc.nat(12), (all, { providerModelId, ...more }, at) => {
      const [before, after] = [
        build(all),
        build([...all.slice(0, at), resolvable(providerModelId, more), ...all.slice(at)]),
      ]
      const names = new Set(all.flatMap(({ id, name, aliases, providerModelId: bare }) => [id, bare, name, ...aliases]))
      for (const name of names) {
        for (const type of REQUEST_TYPES) {
          const [was, is] = [outcome(before, name, type), outcome(after, name, type)]
          if (was !== is) throw new Error(`${JSON.stringify(name)} meant ${was}, now ${is}`)
        }
      }
    }),
    { numRuns: 500 },
  )
  t.pass()
})

t.test('what a name means does not depend on the order of the models', async (t) => {
  fc.assert(
    fc.property(models, word, fc.constantFrom(...REQUEST_TYPES), (all, name, type) => {
      const [one, other] = [outcome(build(all), name, type), outcome(build([...all].reverse()), name, type)]
      if (one !== other) throw new Error(`${JSON.stringify(name)} means ${one} or ${other}`)
    }),
    { numRuns: 1000 },
  )
  t.pass()
})
