/** A user's own models are looked up only for names that nobody else has, and never in place of the defaults. */
import t from 'tap'
import { ModelResolver } from '../../src/catalog/resolver.js'
import { OwnModels } from '../../src/services/own-models.js'
import { DEFAULTS, resolvable } from '../catalog/resolvable.js'

const shared = {
  resolver: new ModelResolver({ models: [resolvable('shared')], defaults: DEFAULTS, providerOrder: [] }),
  providerOrder: [],
}

t.test('asks for names that nobody has, of somebody', async (t) => {
  const asked: string[] = []
  const own = new OwnModels({
    defaults: DEFAULTS,
    failed: () => t.fail(),
    read: async (viewer) => {
      asked.push(viewer)
      return {
        models: [resolvable('tuned', { privateTo: [viewer] }), resolvable('default', { privateTo: [viewer] })],
        withheld: [],
      }
    },
  })
  for (const name of [null, undefined, '', '  ', 'default', 'shared', 'litellm/shared'])
    t.equal(await own.find(name, { viewer: 'anna' }, shared), null, JSON.stringify(name))
  t.equal(await own.find('tuned', {}, shared), null)
  t.strictSame(asked, [])
  t.match(await own.find('tuned', { viewer: 'anna' }, shared), {
    found: { answer: { id: 'litellm/tuned', fallback: false } },
  })
  t.match(await own.find('tuned', { viewer: 'anna' }, { ...shared, resolver: null }), {
    found: { answer: { id: 'litellm/tuned' } },
  })
  t.equal(await own.find('nobody has it', { viewer: 'anna' }, shared), null)
  t.strictSame(asked, ['anna', 'anna', 'anna'])
})

t.test('when they cannot be read the name means what it means to everybody', async (t) => {
  const told: Error[] = []
  const own = new OwnModels({
    defaults: DEFAULTS,
    failed: (error) => void told.push(error),
    read: () => Promise.reject(new Error('gone')),
  })
  t.equal(await own.find('tuned', { viewer: 'anna' }, shared), null)
  t.match(told, [{ message: 'gone' }])
})
