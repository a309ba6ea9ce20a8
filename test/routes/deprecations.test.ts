/** GET /models/deprecations. */
import t from 'tap'
import { addDays } from '../../src/core/model/deprecation.js'
import { databaseKinds } from '../support/databases.js'
import { startHost } from '../support/host.js'

interface Page {
  deprecations: { modelId: string; deprecationDate: string; daysLeft: number; replacedBy: string | null }[]
  nextCursor: string | null
}

for (const [kind, createDatabase] of databaseKinds) {
  t.test(kind, async (t) => {
    const host = await startHost(t, await createDatabase(t))
    const today = new Date().toISOString().slice(0, 10)
    const add = async (providerModelId: string, fields: object) =>
      host.request({ method: 'POST', url: '/models', payload: { provider: 'house', providerModelId, ...fields } })
    const list = async (query = '') => (await host.get<Page>(`/models/deprecations${query}`)).body
    const ids = ({ deprecations }: Page) => deprecations.map(({ modelId }) => modelId)

    await add('later', { deprecationDate: addDays(today, 90) })
    await add('soon', { deprecationDate: addDays(today, 3), replacedBy: 'newer' })
    await add('today', { deprecationDate: today })
    await add('over', { deprecationDate: addDays(today, -2) })
    await add('for-ever', {})
    await add('hidden', { deprecationDate: today })
    await host.request({ method: 'PATCH', url: '/models/house/hidden', payload: { hidden: true } })

    await t.test('the soonest first, with the days that are left', async (t) => {
      const page = await list()
      t.strictSame(ids(page), ['house/over', 'house/today', 'house/soon', 'house/later'])
      t.strictSame(
        page.deprecations.map(({ daysLeft }) => daysLeft),
        [-2, 0, 3, 90],
      )
      t.match(page.deprecations[2], { deprecationDate: addDays(today, 3), replacedBy: 'newer', provider: 'house' })
      t.equal(page.nextCursor, null)
    })

    await t.test('within so many days, and of one provider', async (t) => {
      t.strictSame(ids(await list('?within=3d')), ['house/over', 'house/today', 'house/soon'])
      t.strictSame(ids(await list('?within=2d')), ['house/over', 'house/today'])
      t.strictSame(ids(await list('?provider=litellm')), [])
      const wrong = await host.get<{ message: string }>('/models/deprecations?within=soon')
      t.equal(wrong.status, 400)
    })

    await t.test('a page at a time', async (t) => {
      const first = await list('?limit=3')
      t.ok(first.nextCursor)
      t.strictSame(ids(await list(`?limit=3&cursor=${first.nextCursor}`)), ['house/later'])
      const broken = await host.get<{ code: string }>('/models/deprecations?cursor=nonsense')
      t.equal(broken.status, 400)
      t.equal(broken.body.code, 'FST_MODEL_SYNC_CURSOR')
    })
  })
}
