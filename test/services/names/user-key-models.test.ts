/** A user's own models are looked up only for names that nobody else has, and never in place of the defaults. */
import t from 'tap'
import { ModelResolver } from '../../../src/core/names/model-resolver.js'
import { OwnModels } from '../../../src/services/names/user-key-models.js'
import { DEFAULTS, resolvable } from '../../core/names/resolvable.js'

const shared = {
  resolver: new ModelResolver({ models: [resolvable('shared')], defaults: DEFAULTS, providerOrder: [] }),
  providerOrder: [],
}

t.test('reads them for names that nobody else has, of somebody, and once for all names of a request', async (t) => {
  const asked: string[] = []
  const own = new OwnModels({
    defaults: DEFAULTS,
    failed: () => t.fail(),
    read: async (viewer) => {
      asked.push(viewer)
      return { models: [resolvable('tuned', { privateTo: [viewer] })], withheld: [] }
    },
  })
  t.equal(
    await own.open({ viewer: 'anna' }, [null, undefined, '', '  ', 'default', 'shared', 'litellm/shared'], shared),
    null,
  )
  t.strictSame(asked, [])
  const names = ['shared', ...Array.from({ length: 100 }, (_, index) => `unknown-${index}`), 'tuned']
  t.equal((await own.open({ viewer: 'anna' }, names, shared))?.has('tuned', { viewer: 'anna' }), true)
  t.equal(
    (await own.open({ viewer: 'anna' }, ['tuned'], { ...shared, resolver: null }))?.has('tuned', { viewer: 'anna' }),
    true,
  )
  t.strictSame(asked, ['anna', 'anna'])
})

t.test('when they cannot be read the name means what it means to everybody', async (t) => {
  const told: Error[] = []
  const own = new OwnModels({
    defaults: DEFAULTS,
    failed: (error) => void told.push(error),
    read: () => Promise.reject(new Error('gone')),
  })
  t.equal(await own.open({ viewer: 'anna' }, ['tuned'], shared), null)
  t.match(told, [{ message: 'gone' }])
})
