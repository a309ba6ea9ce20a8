/**
 * Faults of an upstream: after one healthy sync of an answer, one of its members has another name, another place, another unit or another date, in all
 * entries or in one. Of the faults that change a price nearly all have to be noticed: as drift, as doubtful, or as a price that jumps. On each
 * fixture, and on each recorded answer that lies beside the repository.
 */
import { existsSync, readdirSync, readFileSync } from 'node:fs'
import t from 'tap'
import { findDoubts } from '../../src/core/model/doubt.js'
import { guardPlan } from '../../src/core/plan/guards.js'
import { makePlan } from '../../src/core/plan/make-plan.js'
import { driftingMembers, followDrift, type Drift } from '../../src/core/providers/drift.js'
import { ListingCollector } from '../../src/services/sync/collect-listing.js'
import type { Collected } from '../../src/services/sync/collected.js'
import { sources } from '../../src/sources/all-sources.js'
import { isRecord, type Members } from '../../src/sources/kit/entry.js'
import type { Listing, Source } from '../../src/sources/kit/source.js'
import { readTime } from '../../src/sources/kit/time.js'
import { entriesIn, readFixture, serve } from '../sources/fixture-server.js'
import type { SourceFixture } from '../sources/source-fixture.js'
import { MemoryCatalogue, planInput } from '../stories/properties/memory-catalogue.js'
import { ROOT } from '../support/root.js'

const LEAST_PERCENT = 95
const ANSWERS = new URL('../shared/reference/answers/', ROOT)
/** Of a recording; a long one has nothing more to say. */
const MOST_ENTRIES = 60
const NOW = '2026-12-01T00:00:00.000Z'
const LATER = '2026-12-02T00:00:00.000Z'
const YEAR_MS = 365 * 86_400_000
const NUMBER = /^\s*-?\d+(?:\.\d+)?(?:e[+-]?\d+)?\s*$/i
/** The defaults. */
const GUARDS = { maxRemovalPercent: 50, minRemovals: 5, maxPriceFactor: 10, sizes: [], now: LATER }
const PRICES = [
  ...['inputCostPerToken', 'outputCostPerToken', 'cacheReadCostPerToken', 'cacheWriteCostPerToken'],
  ...['otherPrices', 'priceWindows'],
]

type Fault = (object: Members, name: string) => Members
type Groups = readonly (readonly [listing: Listing, entries: readonly unknown[]])[]

const FAULTS: Readonly<Record<string, Fault>> = {
  renamed: (object, name) =>
    Object.fromEntries(Object.entries(object).map(([own, value]) => [own === name ? `${name}_v2` : own, value])),
  moved: (object, name) => {
    const { [name]: value, ...rest } = object
    return { ...rest, billing: { [name]: value } }
  },
  'a thousand times': (object, name) => ({ ...object, [name]: times(object[name], 1e3) }),
  'a million times': (object, name) => ({ ...object, [name]: times(object[name], 1e6) }),
  'a year later': (object, name) => ({ ...object, [name]: shifted(object[name], YEAR_MS) }),
  'a year earlier': (object, name) => ({ ...object, [name]: shifted(object[name], -YEAR_MS) }),
}

function times(value: unknown, factor: number): unknown {
  const isNumber = typeof value === 'number' || (typeof value === 'string' && NUMBER.test(value))
  if (!isNumber) return value
  const product = Number((Number(value) * factor).toPrecision(12))
  return typeof value === 'string' ? String(product) : product
}

function shifted(value: unknown, ms: number): unknown {
  const time = readTime(value)
  if (time === null) return value
  const then = Date.parse(time) + ms
  if (typeof value === 'number') return value > 1e11 ? then : Math.round(then / 1000)
  return new Date(then).toISOString().slice(0, String(value).length <= 10 ? 10 : undefined)
}

/** The paths of all members that have a value; lists are looked through. */
function pathsOf(entries: readonly unknown[]): string[][] {
  const found = new Map<string, string[]>()
  const walk = (value: unknown, path: string[]): void => {
    if (Array.isArray(value)) for (const one of value) walk(one, path)
    if (path.length > 0) found.set(path.join('\n'), path)
    if (isRecord(value))
      for (const [name, member] of Object.entries(value)) if (member !== null) walk(member, [...path, name])
  }
  for (const entry of entries) walk(entry, [])
  return [...found.values()]
}

function injected(value: unknown, [name = '', ...rest]: readonly string[], fault: Fault): unknown {
  if (Array.isArray(value)) return value.map((one) => injected(one, [name, ...rest], fault))
  if (!isRecord(value) || !(name in value)) return value
  return rest.length === 0 ? fault(value, name) : { ...value, [name]: injected(value[name], rest, fault) }
}

/** `null`: the fault changes nothing. */
function withFault(
  entries: readonly unknown[],
  path: readonly string[],
  fault: Fault,
  inAll: boolean,
): unknown[] | null {
  let count = 0
  const faulty = entries.map((entry) => {
    if (count > 0 && !inAll) return entry
    const other = injected(entry, path, fault)
    const isOther = JSON.stringify(other) !== JSON.stringify(entry)
    if (isOther) count += 1
    return isOther ? other : entry
  })
  return count === 0 ? null : faulty
}

async function collect(source: Source, groups: Groups): Promise<Collected> {
  const collector = new ListingCollector({ ...source, modes: undefined })
  for (const [listing, entries] of groups) await collector.add(listing, entries)
  return collector.resolve(() => false, { excludes: () => false, modes: null }, NOW)
}

function doubtsOf({ desired }: Collected): Set<string> {
  return new Set(
    [...desired].flatMap(([id, fields]) => {
      // A short answer is read at once.
      const doubts = typeof fields === 'object' ? findDoubts(fields as object, NOW) : []
      return doubts.map(({ field }) => `${id} ${field}`)
    }),
  )
}

function driftOf(drift: Drift): Set<string> {
  return new Set(
    (['unread', 'vanished'] as const).flatMap((kind) =>
      driftingMembers(drift, kind).map(({ listing, path }) => `${kind} ${listing} ${path}`),
    ),
  )
}

/** What happened to a catalogue after one healthy sync. */
async function injectAll(source: Source, groups: Groups): Promise<{ changing: number; missed: string[] }> {
  const healthy = await collect(source, groups)
  const catalogue = new MemoryCatalogue()
  catalogue.apply(makePlan(planInput(catalogue, healthy.desired)))
  const drift = followDrift(null, healthy.members, NOW)
  const before = { drift: driftOf(drift), doubts: doubtsOf(healthy) }
  const missed: string[] = []
  let changing = 0
  for (const [at, [listing, entries]] of groups.entries())
    for (const path of pathsOf(entries))
      for (const [what, fault] of Object.entries(FAULTS))
        for (const inAll of [true, false]) {
          const faulty = withFault(entries, path, fault, inAll)
          if (faulty === null) continue
          const found = await collect(
            source,
            groups.map((group, index) => (index === at ? [listing, faulty] : group)),
          )
          const plan = makePlan(planInput(catalogue, found.desired, { mentioned: found.mentioned }))
          if (!plan.updated.some(({ changes }) => PRICES.some((field) => field in changes))) continue
          changing += 1
          const listed = found.desired.size + found.mentioned.size
          const { held } = guardPlan(plan, { ...GUARDS, listed, available: catalogue.available })
          const isNew = (old: Set<string>, now: Set<string>): boolean => [...now].some((one) => !old.has(one))
          const isNoticed =
            held.length > 0 ||
            isNew(before.doubts, doubtsOf(found)) ||
            isNew(before.drift, driftOf(followDrift(drift, found.members, LATER)))
          if (!isNoticed) missed.push(`${listing.path} ${path.join('.')} ${what}${inAll ? '' : ', in one entry'}`)
        }
  return { changing, missed }
}

const answers = new Map<string, () => Promise<[Source, Groups]>>()
for (const { slug } of sources)
  answers.set(`the fixture of ${slug}`, async () => {
    const { default: fixture } = (await import(`../sources/fixtures/${slug}.js`)) as { default: SourceFixture }
    const server = await serve(t, fixture)
    const { entries } = await readFixture(fixture, server.url)
    await server.close()
    const groups = new Map<Listing, unknown[]>()
    for (const { listing, entry } of entries) groups.set(listing, [...(groups.get(listing) ?? []), entry])
    return [fixture.source, [...groups]]
  })
for (const slug of existsSync(ANSWERS) ? readdirSync(ANSWERS) : [])
  for (const file of readdirSync(new URL(`${slug}/`, ANSWERS)).filter((name) => name.endsWith('.json'))) {
    const source = sources.find((one) => one.slug === slug)
    const body: unknown = JSON.parse(readFileSync(new URL(`${slug}/${file}`, ANSWERS), 'utf8'))
    const listing = source?.listings.find((one) => entriesIn(one, body).length > 0)
    if (source === undefined || listing === undefined) continue
    const entries = entriesIn(listing, body)
    const every = Math.ceil(entries.length / MOST_ENTRIES)
    answers.set(`${slug}/${file}`, async () => [source, [[listing, entries.filter((_, at) => at % every === 0)]]])
  }

t.test('faults that change a price are noticed', { timeout: 300_000 }, async (t) => {
  const all = { fixtures: { changing: 0, missed: 0 }, recordings: { changing: 0, missed: 0 } }
  for (const [name, open] of answers) {
    const { changing, missed } = await injectAll(...(await open()))
    const sum = all[name.startsWith('the fixture') ? 'fixtures' : 'recordings']
    sum.changing += changing
    sum.missed += missed.length
    for (const line of missed) t.comment(`not noticed: ${name}: ${line}`)
  }
  for (const [kind, { changing, missed }] of Object.entries(all)) {
    if (changing === 0) continue
    const percent = (100 * (changing - missed)) / changing
    t.comment(`${kind}: ${changing - missed} of ${changing} noticed, ${percent.toFixed(1)} %`)
    t.ok(percent >= LEAST_PERCENT, `${kind}: ${percent.toFixed(1)} %`)
  }
})
