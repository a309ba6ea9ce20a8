/** What holds for every source, shown on its fixture: run on each file of `fixtures/`, or on those named as arguments. */
import { readdirSync } from 'node:fs'
import t, { type Test } from 'tap'
import type { DesiredFields } from '../../../src/core/model/model-fields.js'
import { digestEntry } from '../../../src/services/sync/entry-digest.js'
import { MemberCounter } from '../../../src/sources/kit/member-counter.js'
import { keepMembers, type MemberList } from '../../../src/sources/kit/members.js'
import { sources } from '../../../src/sources/all-sources.js'
import type { Listing } from '../../../src/sources/kit/source.js'
import { readFixture, serve } from '../../sources/fixture-server.js'
import { survivesMutations } from './mutated-answers.js'
import { TEST_KEY, type SourceFixture } from '../../sources/source-fixture.js'

// Of each provider's answers; test/slow reads 10,000.
const MUTATIONS = 150
const only = process.argv.slice(2)
const slugs = readdirSync(new URL('../../sources/fixtures/', import.meta.url))
  .filter((file) => /\.[jt]s$/.test(file))
  .map((file) => file.slice(0, -3))
  .filter((slug) => only.length === 0 || only.includes(slug))

if (only.length === 0)
  t.same(
    sources.map(({ slug }) => slug).filter((slug) => !slugs.includes(slug)),
    [],
    'each source has a fixture',
  )

for (const slug of slugs) {
  t.test(slug, async (t) => {
    const { default: fixture } = (await import(`../../sources/fixtures/${slug}.js`)) as { default: SourceFixture }
    t.equal(fixture.source.slug, slug, 'the fixture bears the slug of its source')
    t.test('describes itself', (t) => describesItself(t, fixture))
    t.test('reads the whole listing', (t) => readsAll(t, fixture))
    t.test('says who asks, and takes no for an answer', (t) => authenticates(t, fixture))
    t.test('asks conditionally where the listing is one page', (t) => revalidates(t, fixture))
    t.test('gets over a busy server, and names a broken one', (t) => fails(t, fixture))
    t.test('calls garbage malformed', (t) => refusesGarbage(t, fixture))
    t.test('knows when something is missing', (t) => missesPages(t, fixture))
    t.test('parses without side effects', (t) => isPure(t, fixture))
    t.test('names each member that it reads', (t) => namesWhatItReads(t, fixture))
    t.test('survives whatever comes', (t) => isTotal(t, fixture))
  })
}

async function describesItself(t: Test, { source, syncedByDefault, keyless = false }: SourceFixture): Promise<void> {
  t.match(source.slug, /^[a-z0-9]+(-[a-z0-9]+)*$/)
  t.match(source.homepage, /^https:\/\//)
  t.ok(Number.isInteger(source.version) && source.version >= 1)
  for (const text of [source.name, source.description]) t.not(text.trim(), '')
  if (source.baseUrl !== null) {
    const { protocol, hostname } = new URL(source.baseUrl)
    t.ok(protocol === 'https:' || hostname === 'localhost', 'a key goes over https, or stays on the machine')
    t.notMatch(source.baseUrl, /\/$/)
  }
  for (const variable of source.key.variables) t.match(variable, /^[A-Z][A-Z0-9_]+$/)
  t.equal(source.key.required, !keyless, 'whether it goes without a key')
  t.ok(!source.key.required || source.key.variables.length > 0, 'a key that is required can be given')
  t.equal(source.modes === undefined, syncedByDefault === undefined, 'modes of its own are shown by the fixture')
  const paths = source.listings.map(({ path }) => path)
  t.equal(new Set(paths).size, paths.length, 'each listing has an address of its own')
}

async function readsAll(t: Test, fixture: SourceFixture): Promise<void> {
  const server = await serve(t, fixture)
  const { outcome, error, collected, synced } = await readFixture(fixture, server.url)
  t.equal(error?.message, undefined)
  t.equal(outcome?.state, 'complete')
  t.same(outcome?.warnings, [])
  t.equal(server.requests.length, fixture.requests ?? 1, 'every page once')
  for (const { url, headers } of server.requests) {
    t.notMatch(decodeURIComponent(url), fixture.key ?? TEST_KEY, 'the key stands in no address')
    t.match(headers['user-agent'], /./)
  }
  t.same([...collected.desired.keys()].sort(), Object.keys(fixture.models).sort(), 'no model lost, doubled or renamed')
  for (const [id, expected] of Object.entries(fixture.models)) {
    const desired = collected.desired.get(id)
    const found = (desired ?? {}) as DesiredFields
    for (const [field, value] of Object.entries(expected))
      t.strictSame(found[field as keyof DesiredFields], value, `${id}: ${field}`)
  }
  if (fixture.source.modes !== undefined) t.same(synced, [...(fixture.syncedByDefault ?? [])].sort(), 'by default')
  t.equal(collected.filtered, fixture.filtered ?? 0, 'filtered')
  t.equal(collected.rejected.length, fixture.rejected ?? 0, 'rejected')
  const unexpected = [...collected.warnings]
  for (const pattern of fixture.warnings ?? []) {
    const at = unexpected.findIndex((warning) => pattern.test(warning))
    t.not(at, -1, `a warning like ${pattern}`)
    if (at !== -1) unexpected.splice(at, 1)
  }
  t.same(unexpected, [], 'no further warning')
}

async function authenticates(t: Test, fixture: SourceFixture): Promise<void> {
  const { source, wrongKey = 'wrong-key-77aa' } = fixture
  const { key } = source
  const server = await serve(t, fixture)
  if (key.variables.length > 0) {
    const { error } = await readFixture(fixture, server.url, { apiKey: wrongKey })
    t.equal(error?.code, 'FST_MODEL_SYNC_UPSTREAM')
    t.match(error?.message, / answered 40[013] /)
    t.match(error?.message, key.variables[0], 'the message says what to set')
    t.notMatch(error?.message, wrongKey)
  }
  const { outcome, error } = await readFixture(fixture, server.url, { apiKey: null })
  if (key.required) t.equal(error?.code, 'FST_MODEL_SYNC_UPSTREAM')
  else t.equal(outcome?.state, 'complete', 'the listing is public')
}

async function revalidates(t: Test, fixture: SourceFixture): Promise<void> {
  const server = await serve(t, fixture)
  const first = await readFixture(fixture, server.url)
  const second = await readFixture(fixture, server.url, { previous: first.outcome?.validators ?? null })
  const paged = fixture.source.listings.some(({ next }) => next !== undefined)
  t.equal(second.outcome?.state, paged ? 'complete' : 'not-modified')
  if (!paged) t.same(second.entries, [])
}

async function fails(t: Test, fixture: SourceFixture): Promise<void> {
  const busy = await serve(t, fixture, (count) =>
    count === 1 ? { status: 429, retryAfter: '2', body: { error: { message: 'slow down' } } } : null,
  )
  const { outcome, waits, collected } = await readFixture(fixture, busy.url)
  t.equal(outcome?.state, 'complete')
  t.same(waits, [2000], 'waits as long as it is asked to')
  t.equal(collected.desired.size, Object.keys(fixture.models).length)

  const broken = await serve(t, fixture, () => ({ status: 500, body: { error: { message: 'out of order' } } }))
  const { error, entries } = await readFixture(fixture, broken.url)
  t.equal(error?.code, 'FST_MODEL_SYNC_UPSTREAM')
  t.match(error?.message, /answered 500 \(out of order\)/)
  t.same(entries, [])
}

const GARBAGE = [
  '<!doctype html><title>Sign in</title>',
  '{"data": [{"id": "cut',
  '',
  'null',
  '5',
  '"text"',
  '{}',
  '{"data": "text", "models": {}}',
  '{"error": {"message": "overloaded"}}',
  '{"error": "overloaded", "data": [], "models": []}',
]

async function refusesGarbage(t: Test, fixture: SourceFixture): Promise<void> {
  for (const body of GARBAGE) {
    const server = await serve(t, fixture, () => ({ body }))
    const { error, entries } = await readFixture(fixture, server.url)
    t.equal(error?.code, 'FST_MODEL_SYNC_MALFORMED_ANSWER', `${JSON.stringify(body)}: ${error?.message}`)
    t.notMatch(error?.message, /overloaded|Sign in/, 'upstream’s text, which may hold a key, is not repeated')
    t.same(entries, [])
    await server.close()
  }
}

async function missesPages(t: Test, fixture: SourceFixture): Promise<void> {
  const { requests: last = 1 } = fixture
  // The last request and its further attempts.
  const server = await serve(t, fixture, (count) => (count >= last ? { status: 503, body: 'no' } : null))
  const { outcome, error, entries, collected } = await readFixture(fixture, server.url)
  if (last === 1) {
    t.equal(error?.code, 'FST_MODEL_SYNC_UPSTREAM')
    t.same(entries, [])
    return
  }
  t.equal(outcome?.state, fixture.lastIsOptional === true ? 'complete' : 'incomplete')
  if (fixture.lastIsOptional === true) t.not(outcome?.warnings.length, 0)
  else t.match(outcome?.problem, / answered 503/)
  t.not(entries.length, 0, 'what was read before stands')
  for (const id of collected.desired.keys()) t.ok(id in fixture.models, id)
}

async function isPure(t: Test, fixture: SourceFixture): Promise<void> {
  const server = await serve(t, fixture)
  const { entries } = await readFixture(fixture, server.url)
  for (const { listing, entry } of entries) {
    deepFreeze(entry)
    t.strictSame(listing.parse(entry), listing.parse(structuredClone(entry)), 'the same entry, the same model')
    const kept = keepMembers(listing.members, entry)
    t.strictSame(kept, keepMembers(listing.members, structuredClone(entry)))
    if (kept === null) continue
    t.strictSame(JSON.parse(JSON.stringify(kept)), kept, 'what is kept is JSON')
    for (const name of listing.volatile ?? []) {
      t.notOk(name in kept, `${name} is not kept`)
      const other = { ...(entry as object), [name]: 'another value' }
      t.equal(digestEntry(other, listing.volatile), digestEntry(entry, listing.volatile), `${name} is not compared`)
      t.strictSame(listing.parse(other), listing.parse(entry), `${name} is not read`)
    }
  }
}

async function namesWhatItReads(t: Test, fixture: SourceFixture): Promise<void> {
  const server = await serve(t, fixture)
  const { entries } = await readFixture(fixture, server.url)
  const unnamed = new Set<string>()
  for (const { listing, entry } of entries) {
    const { members } = listing
    if (members === undefined) continue
    const touched = new Set<string>()
    listing.parse(recorded(entry, '', touched))
    for (const path of touched)
      if (!isNamed(members, path, listing.details?.member)) unnamed.add(`${listing.path}: ${path}`)
  }
  t.strictSame([...unnamed], [], 'drift can be told from what is known')
}

/** Whether nobody would call the member unread, as a value or as an object, and whoever misses it is told: it is not left aside with all around it. */
function isNamed(list: MemberList, path: string, ours?: string): boolean {
  const counter = new MemberCounter(list, ours)
  const names = path.split('.')
  counter.add(names.reduceRight<unknown>((value, name) => ({ [name]: value }), 1))
  const { named, unread } = counter.counts('')
  const isItself = (member: { path: string }): boolean => member.path === path || path.split('.')[0] === ours
  if (unread.length === 0) return named.some(isItself)
  return named.some((member) => member.path.startsWith(`${path}.`))
}

/** The same entry, which notes the path of each member that somebody asks for, there or not. */
function recorded(value: unknown, path: string, touched: Set<string>): unknown {
  if (typeof value !== 'object' || value === null) return value
  return new Proxy(value, {
    get(target, name) {
      const member: unknown = Reflect.get(target, name)
      if (typeof name === 'symbol') return member
      if (Array.isArray(target)) return recorded(member, path, touched)
      const own = path === '' ? name : `${path}.${name}`
      if (typeof member !== 'object' || member === null) touched.add(own)
      return recorded(member, own, touched)
    },
  })
}

const PAGES = [null, 'text', -1, 1e30, {}, []].map((odd) => ({
  ...{
    data: [{ id: 'a' }],
    models: [{}],
    modelSummaries: [],
    publisherModels: [],
    output: odd,
    links: odd,
    pagination: odd,
  },
  ...{
    offset: odd,
    total: odd,
    nextPageToken: odd,
    next_page_token: odd,
    next_cursor: odd,
    has_more: odd,
    last_id: odd,
  },
}))

async function isTotal(t: Test, fixture: SourceFixture): Promise<void> {
  await survivesMutations(t, fixture, MUTATIONS)
  t.pass(`${MUTATIONS} mutated answers`)
  for (const listing of fixture.source.listings) asksOnOrThrows(t, listing)
}

// Whatever `entries` lets through, `next` must get over too.
function asksOnOrThrows(t: Test, { entries, next }: Listing): void {
  for (const body of [[], ...PAGES]) {
    try {
      entries(body)
    } catch {
      continue
    }
    t.doesNotThrow(() => next?.(body, 1))
  }
}

function deepFreeze(value: unknown): void {
  if (typeof value !== 'object' || value === null) return
  Object.freeze(value)
  Object.values(value).forEach(deepFreeze)
}
