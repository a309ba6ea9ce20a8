/** What a listing says of its entries is said again while other models change. */
import t from 'tap'
import { ListingCollector, MOST_ENTRIES_OF_A_MODEL } from '../../../src/services/sync/collect-listing.js'
import { morpheus } from '../../../src/sources/providers/morpheus/morpheus.js'
import { longestBlock } from '../../support/longest-block.js'
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

t.test('an entry is told by its text as it was sent, and a key in it is found in any spelling', async (t) => {
  const [listing] = morpheus.listings
  const sent = ['{"Id":"0xaa","Name":"sk\\u002dsecret"}', '{"Id":"0xbb","Name":"two", "Fee":1e-06}']
  const redact = (json: string): string => json.replaceAll('sk-secret', '[redacted]')
  const collect = async (textOf?: (index: number) => string): Promise<ListingCollector> => {
    const collector = new ListingCollector(morpheus, redact)
    await collector.add(
      listing!,
      sent.map((text) => JSON.parse(text) as unknown),
      0,
      textOf,
    )
    return collector
  }
  const wanted = { excludes: () => false, modes: null }
  const made = await (await collect()).resolve(() => false, wanted)
  const told = await (await collect((index) => sent[index]!)).resolve(() => false, wanted)
  t.equal(
    told.desired.get('0xaa') instanceof Object && (told.desired.get('0xaa') as { name: string }).name,
    '[redacted]',
  )
  t.strictSame([...told.desired], [...made.desired])
  t.equal(told.digests.get('0xaa'), made.digests.get('0xaa'))
  t.not(told.digests.get('0xbb'), made.digests.get('0xbb'), 'as it was sent')
  const again = await (
    await collect((index) => sent[index]!)
  ).resolve((id, digest) => told.digests.get(id) === digest, wanted)
  t.strictSame([...again.desired.values()], ['same', 'same'])
})

t.test('many entries of one model are read in slices, and those beyond any measure are counted', async (t) => {
  const [listing] = morpheus.listings
  const rows = Array.from({ length: MOST_ENTRIES_OF_A_MODEL + 5 }, (_, index) => ({
    Id: '0xaa',
    Name: `llama ${index}`,
    CreatedAt: 1_700_000_000 + index,
    Note: 'x'.repeat(200),
  }))
  for (const [entries, beyond] of [
    [rows.slice(0, MOST_ENTRIES_OF_A_MODEL), 0],
    [rows, 5],
  ] as const) {
    const collector = new ListingCollector(morpheus)
    const started = process.cpuUsage()
    const block = await longestBlock(async () => {
      await collector.add(listing!, entries)
      const { desired, rejected, warnings } = await collector.resolve(() => false, {
        excludes: () => false,
        modes: null,
      })
      t.match(desired.get('0xaa'), { name: `llama ${MOST_ENTRIES_OF_A_MODEL - 1}` }, 'the newest names it')
      t.equal((desired.get('0xaa') as { aliases: string[] }).aliases.length, 1000)
      t.match(warnings, [/9999 members, more than the 1000 that are kept; cut/])
      t.equal(rejected.length, beyond)
      t.ok(rejected.every(({ reason }) => reason === 'more than 10000 entries have its id'))
    })
    const cpuMs = Math.round(process.cpuUsage(started).user / 1000)
    t.ok(block < 100, `${block} ms`)
    t.ok(cpuMs < 5000, `${cpuMs} ms of CPU`)
    t.ok(((await collector.entryOf('0xaa'))?.length ?? 0) <= 1_100_000, 'what is shown of them has an end')
  }
})
