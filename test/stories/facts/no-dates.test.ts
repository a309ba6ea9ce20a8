/** Dates that are none, at every source that states one: years far off, and the date that all entries share. */
import { readdirSync } from 'node:fs'
import t from 'tap'
import { cleanFields } from '../../../src/core/model/clean-fields.js'
import type { DesiredFields } from '../../../src/core/model/model-fields.js'
import { ListingCollector } from '../../../src/services/sync/collect-listing.js'
import { CreationDates } from '../../../src/sources/kit/creation-dates.js'
import { fireworks } from '../../../src/sources/providers/fireworks/fireworks.js'
import { openaiCompatible, openaiCompatibleEndpoint } from '../../../src/sources/kit/openai-compatible.js'
import { readTime } from '../../../src/sources/kit/time.js'
import type { Listing } from '../../../src/sources/kit/source.js'
import { readFixture, serve } from '../../sources/fixture-server.js'
import type { SourceFixture } from '../../sources/source-fixture.js'

type Path = readonly (string | number)[]
const DATES = ['createdAt', 'deprecationDate'] as const
/** Nobody has made a model then, or ends one. */
const SENTINELS = [
  ...[735_790_403, 4_070_908_800, 4_070_908_800_000, '1970-01-01T00:00:00Z', '2099-12-31', '2098-12-31'],
  ...['0001-01-01T00:00:00Z', '9999-12-31T23:59:59Z', -62_135_596_800],
  ...['9999-12-31', 253_402_300_799, 253_402_300_799_000, 4_070_908_800_000_000, 2_147_483_647, '2147483647'],
  ...['0000-00-00', '0000-00-00 00:00:00', '0', '-1', 'never', 'TBD', 'not announced', 'false', 'forever', '-'],
]

/** The places of an entry that hold a text or a number. */
function leaves(value: unknown, path: Path = []): Path[] {
  if (Array.isArray(value)) return value.flatMap((member, at) => leaves(member, [...path, at]))
  if (typeof value !== 'object' || value === null) return [path]
  return Object.entries(value).flatMap(([name, member]) => leaves(member, [...path, name]))
}

function valueAt(entry: unknown, path: Path): unknown {
  return path.reduce((at, name) => (at as Record<string | number, unknown>)[name], entry)
}

function withValue(entry: unknown, path: Path, value: unknown): unknown {
  const copy: unknown = structuredClone(entry)
  let at = copy as Record<string | number, unknown>
  for (const name of path.slice(0, -1)) at = at[name] as Record<string | number, unknown>
  at[path.at(-1)!] = value
  return copy
}

function datesOf(listing: Listing, entry: unknown): { createdAt: unknown; deprecationDate: unknown; warnings: number } {
  const parsed = listing.parse(entry)
  if (parsed.kind !== 'model') return { createdAt: undefined, deprecationDate: undefined, warnings: 0 }
  const { fields, warnings } = cleanFields(parsed.fields)
  const { createdAt, deprecationDate } = fields
  return { createdAt, deprecationDate, warnings: warnings.length + (parsed.warnings ?? []).length }
}

const files = readdirSync(new URL('../../sources/fixtures/', import.meta.url)).filter((file) => /\.[jt]s$/.test(file))
for (const slug of files.map((file) => file.slice(0, -3))) {
  t.test(slug, async (t) => {
    const { default: fixture } = (await import(`../../sources/fixtures/${slug}.js`)) as { default: SourceFixture }
    const server = await serve(t, fixture)
    const { entries } = await readFixture(fixture, server.url)
    for (const { listing, entry } of entries) {
      const stated = datesOf(listing, entry)
      for (const field of DATES) {
        if ((stated[field] ?? null) === null) continue
        // Where the date stands: without that value there is none.
        const places = leaves(entry).filter(
          (path) =>
            readTime(valueAt(entry, path)) !== null && datesOf(listing, withValue(entry, path, null))[field] === null,
        )
        for (const path of places)
          for (const sentinel of SENTINELS) {
            const found = datesOf(listing, withValue(entry, path, sentinel))
            if (found[field] === undefined) continue
            t.equal(found[field], null, `${field} of ${path.join('.')}: ${sentinel} is no date`)
            t.equal(found.warnings, stated.warnings, 'and nothing to warn of')
          }
      }
      if ((stated.createdAt ?? null) === null) continue
      const dates = new CreationDates()
      for (let count = 0; count < 3; count++) dates.add(entry)
      t.ok(dates.shared().includes(stated.createdAt as string), 'a creation date that all entries share is found')
    }
  })
}

const house = openaiCompatible({
  ...{ slug: 'house', name: 'House', description: 'Of the host.', homepage: 'https://house.example' },
  ...{ baseUrl: 'https://house.example', key: { variables: [], required: false } },
})
const [listing] = house.listings as [Listing]
const NOBODY = { excludes: () => false, modes: null }

async function createdOf(days: readonly number[]): Promise<unknown[]> {
  const collector = new ListingCollector(house)
  await collector.add(
    listing,
    days.map((created, at) => ({ id: `m-${at}`, created })),
  )
  const { desired } = await collector.resolve(() => false, NOBODY)
  return [...desired.values()].map((fields) => (fields as DesiredFields).createdAt?.slice(0, 10))
}

t.test('a day in parts is none either', async (t) => {
  const [, account] = fireworks.listings
  const end = (year: number, month = 12, day = 31): unknown =>
    account?.parse({ name: 'accounts/fireworks/models/a', deprecationDate: { year, month, day } })
  t.match(end(2026), { fields: { deprecationDate: '2026-12-31' } })
  for (const year of [2099, 1970, 9999]) t.match(end(year), { fields: { deprecationDate: null } })
})

t.test('a creation date that most entries share is no date, the others stand', async (t) => {
  const [day, other] = [1_772_323_200, 1_772_409_600]
  t.same(await createdOf([day, day, day]), [undefined, undefined, undefined])
  t.same(await createdOf([day, day, day, other]), [undefined, undefined, undefined, '2026-03-02'])
  t.same(await createdOf([day, day]), ['2026-03-01', '2026-03-01'], 'two models of one day are a release')
  t.same(await createdOf([day, day, day, other, other, other]), [
    ...['2026-03-01', '2026-03-01', '2026-03-01'],
    ...['2026-03-02', '2026-03-02', '2026-03-02'],
  ])
})

t.test('an unchanged entry is read again once its date is no longer everybody’s', async (t) => {
  const entries = [1, 2, 3].map((at) => ({ id: `m-${at}`, created: 1_772_323_200 }))
  const first = new ListingCollector(house)
  await first.add(listing, entries)
  const { digests } = await first.resolve(() => false, NOBODY)
  const known = (id: string, digest: string): boolean => digests.get(id) === digest
  const again = new ListingCollector(house)
  await again.add(listing, entries)
  t.same([...(await again.resolve(known, NOBODY)).desired.values()], ['same', 'same', 'same'])
  const later = new ListingCollector(house)
  const more = [4, 5, 6].map((at) => ({ id: `m-${at}`, created: 1_772_323_200 + 86_400 * at }))
  await later.add(listing, [...entries, ...more])
  const { desired } = await later.resolve(known, NOBODY)
  t.match(desired.get('m-1'), { createdAt: '2026-03-01T00:00:00.000Z' })
})

t.test('an engine that states the time of its answer is not read anew each time', async (t) => {
  const engine = openaiCompatibleEndpoint({ slug: 'engine', address: 'http://127.0.0.1:1', keyVariable: null })
  const answer = async (created: number, known: (id: string, digest: string) => boolean) => {
    const collector = new ListingCollector(engine)
    await collector.add(
      engine.listings[0]!,
      ['a', 'b', 'c'].map((id) => ({ id, created, owned_by: 'vllm' })),
    )
    return collector.resolve(known, NOBODY)
  }
  const { digests } = await answer(1_772_323_200, () => false)
  const again = await answer(1_772_323_260, (id, digest) => digests.get(id) === digest)
  t.same([...again.desired.values()], ['same', 'same', 'same'])
})
