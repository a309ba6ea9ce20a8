/** What a listing says of its entries is said again while other models change. */
import t from 'tap'
import { ListingCollector } from '../../../src/services/sync/collect-listing.js'
import { openaiCompatible } from '../../../src/sources/kit/openai-compatible.js'

t.test('an entry that was rejected beside a good one of the same model is counted each time', async (t) => {
  const source = openaiCompatible({
    slug: 'house',
    name: 'House',
    description: 'A provider of the host.',
    homepage: 'https://house.example',
    baseUrl: 'https://house.example',
    key: { variables: [], required: false },
  })
  const [listing] = source.listings
  const strict = {
    ...listing!,
    parse: (entry: unknown) =>
      (entry as { bad?: true }).bad === true
        ? ({ kind: 'rejected', reason: 'it is bad' } as const)
        : ({ kind: 'model', fields: { name: 'one' } } as const),
  }
  const collector = new ListingCollector({ ...source, listings: [strict] })
  await collector.add(strict, [{ id: 'one' }, { id: 'one', bad: true }, { id: 'two' }])
  const { rejected, desired, warned } = await collector.resolve(() => false, { excludes: () => false, modes: null })
  t.match(rejected, [{ providerModelId: 'one', reason: 'it is bad' }])
  t.strictSame([...desired.keys()], ['one', 'two'])
  t.strictSame([...warned], ['one'], 'kept without a digest, so that it is read again')
})
