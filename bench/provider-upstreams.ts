/** The child process that is all 36 upstreams: the contract test's fixtures, each grown to hundreds of models, with latency. */
import { readdirSync } from 'node:fs'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { addressVariable, type Listing } from '../src/sources/kit/source.js'
import { read } from '../test/upstream/reading.js'
import {
  TEST_KEY,
  type FixtureAnswer,
  type FixtureRequest,
  type SourceFixture,
} from '../test/sources/source-fixture.js'
import { noise, random } from '../test/support/litellm-rows.js'

/** What the benchmark asks for. */
export interface ProviderUpstreamsOrder {
  /** Models of all providers together. */
  models: number
  /** ms before each answer. */
  latencyMs: number
}

/** How the providers are reached. */
export interface ProviderUpstreams {
  /** For the program that is to sync them: addresses and keys. */
  environment: Record<string, string>
  /** Requests of each provider's whole listing. */
  requests: number[]
}

/** Featherless lists most by far, in pages of this many. */
const FEATHERLESS_MODELS = 22_000
const PAGE = 1_000
/** Characters of a description. */
const DESCRIPTION = 500

let latencyMs = 0
let answered = 0

async function start({ models, latencyMs: latency }: ProviderUpstreamsOrder): Promise<ProviderUpstreams> {
  const names = readdirSync(new URL('../test/sources/fixtures/', import.meta.url))
  const fixtures = await Promise.all(
    names.map(async (name) => {
      const module = (await import(`../test/sources/fixtures/${name}`)) as { default: SourceFixture }
      return module.default
    }),
  )
  const each = Math.ceil((models - FEATHERLESS_MODELS) / (fixtures.length - 1))
  const upstreams: ProviderUpstreams = { environment: {}, requests: [] }
  for (const fixture of fixtures) {
    const { source, key = TEST_KEY, settings = {} } = fixture
    const url = await serve(fixture.source.slug === 'featherless' ? featherlessPages(fixture) : grown(fixture, each))
    // Makes each answer, which is kept, and tells how many there are.
    answered = 0
    const { outcome, error } = await read(source, url, { apiKey: key, settings, timeoutMs: 60_000 })
    if (outcome?.state !== 'complete')
      throw new Error(`${source.slug} cannot be read: ${error?.message ?? outcome?.problem}`)
    upstreams.requests.push(answered)
    const [keyVariable] = source.key.variables
    Object.assign(upstreams.environment, settings, { [addressVariable(source)]: url })
    if (keyVariable !== undefined) upstreams.environment[keyVariable] = key
  }
  latencyMs = latency
  return upstreams
}

/** The fixture with each entry copied until about `models` of them are synced. */
function grown(fixture: SourceFixture, models: number): SourceFixture['answer'] {
  const own = (fixture.syncedByDefault ?? Object.keys(fixture.models)).length
  const copies = Math.ceil(models / own)
  return (request) => {
    const answer = fixture.answer(request)
    const listing = fixture.source.listings.find(({ path }) => path.split('?')[0] === request.path)
    if (listing === undefined || (answer.status ?? 200) !== 200) return answer
    const body = structuredClone(answer.body)
    growLists(body, listing, copies)
    return { ...answer, body }
  }
}

/** Copies the entries in whatever list of the body holds them. */
function growLists(value: unknown, listing: Listing, copies: number): void {
  if (typeof value !== 'object' || value === null) return
  const entries = Array.isArray(value) ? value.filter((entry) => listing.identify(entry) !== null) : []
  if (entries.length > 0)
    (value as unknown[]).push(
      ...entries.flatMap((entry) => Array.from({ length: copies - 1 }, (_, copy) => copyOf(entry, listing, copy + 2))),
    )
  else for (const member of Object.values(value)) growLists(member, listing, copies)
}

const next = random(36)

function copyOf(entry: unknown, listing: Listing, copy: number): unknown {
  const id = JSON.stringify(listing.identify(entry)).slice(1, -1)
  const other = JSON.parse(JSON.stringify(entry).replaceAll(id, `${id}-${copy}`)) as unknown
  // Fixtures are shortened; most of a real entry is what it says of itself, where its API has that.
  if (typeof other === 'object' && other !== null && 'description' in other && typeof other.description === 'string')
    other.description = noise(DESCRIPTION, next)
  return other
}

function featherlessPages({ source, answer }: SourceFixture): SourceFixture['answer'] {
  const [listing] = source.listings as readonly Listing[]
  if (listing === undefined) throw new Error('featherless has no listing')
  const pages = FEATHERLESS_MODELS / PAGE
  const query = new URLSearchParams({ status: 'active', per_page: String(PAGE), page: '1' })
  const { data } = answer({ method: 'GET', path: '/v1/models', query, headers: {} }).body as { data: unknown[] }
  const made = Array.from({ length: pages }, (_, page) =>
    Array.from({ length: PAGE }, (_, at) => copyOf(data[at % data.length], listing, page * PAGE + at)),
  )
  return ({ query }) => {
    const page = Number(query.get('page'))
    const pagination = { current_page: page, per_page: PAGE, total_items: FEATHERLESS_MODELS, total_pages: pages }
    return { body: { data: made[page - 1] ?? [], total: FEATHERLESS_MODELS, pagination } }
  }
}

/** Its address. Each answer is made once. */
async function serve(answer: (request: FixtureRequest) => FixtureAnswer): Promise<string> {
  const made = new Map<string, { status: number; text: Buffer }>()
  const server = createServer((incoming, response) => {
    const url = new URL(incoming.url ?? '/', 'http://loopback')
    let kept = made.get(url.href)
    if (kept === undefined) {
      const { method = '', headers } = incoming
      const { status = 200, body } = answer({ method, path: url.pathname, query: url.searchParams, headers })
      kept = { status, text: Buffer.from(typeof body === 'string' ? body : JSON.stringify(body)) }
      made.set(url.href, kept)
    }
    const { status, text } = kept
    answered += 1
    setTimeout(() => response.writeHead(status, { 'content-type': 'application/json' }).end(text), latencyMs)
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`
}

process.on('message', (order: ProviderUpstreamsOrder) => {
  void start(order).then((upstreams) => process.send?.(upstreams))
})
process.on('disconnect', () => process.exit())
