/** Models that are read page by page are found by their place. */
import t from 'tap'
import type { Model } from '../../../src/client/contract.js'
import { LoadedModels } from '../../../src/settings-page/models/loaded-models.js'

const page = (...ids: string[]) => ({ models: ids.map((id) => ({ id }) as Model) })

t.test('pages of different sizes, an empty one among them', (t) => {
  const models = new LoadedModels([page('a'), page(), page('b', 'c', 'd'), page('e')])
  t.equal(models.count, 5)
  t.same(
    [0, 1, 2, 3, 4, 5].map((index) => models.at(index)?.id),
    ['a', 'b', 'c', 'd', 'e', undefined],
  )
  t.end()
})

t.test('nothing read yet', (t) => {
  const models = new LoadedModels([])
  t.equal(models.count, 0)
  t.equal(models.at(0), undefined)
  t.end()
})
