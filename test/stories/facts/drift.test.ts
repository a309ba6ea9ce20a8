/** Drift: what an upstream states that its source does not read, and what it no longer states, told within one sync, and once. */
import { existsSync, readdirSync, readFileSync } from 'node:fs'
import t, { type Test } from 'tap'
import type { ProviderRecord } from '../../../src/core/records/provider-record.js'
import type { Listing, Source } from '../../../src/sources/kit/source.js'
import { MemberCounter } from '../../../src/sources/kit/member-counter.js'
import { openaiCompatible } from '../../../src/sources/kit/openai-compatible.js'
import { sources } from '../../../src/sources/all-sources.js'
import { databaseKinds, type TestDatabase } from '../../support/databases.js'
import { startHost, statuses, type TestHost } from '../../support/host.js'
import { loopback } from '../../support/loopback.js'
import { ROOT } from '../../support/root.js'
import { entriesIn, serve } from '../../sources/fixture-server.js'
import { TEST_KEY, type SourceFixture } from '../../sources/source-fixture.js'

const ANSWERS = new URL('../shared/reference/answers/', ROOT)

/** Recordings of which each member has been looked at. */
const LOOKED_AT = `
  anthropic/2026-02-10 baseten/2025-09 bedrock/2026-02-10 cerebras/2025-09 chutes/2025-09-enriched deepinfra/2025-09-openai-shape
  deepseek/2026-02-10 featherless/2025-09-old-shape fireworks/2025-09 friendli/2025-09 gemini/2026-02-10 groq/2025-09 groq/2026-01
  huggingface/2026 litellm/v1_models-1.108.7 lmstudio/2025-09 mistral/2025-09 mistral/2026-01-16 moonshot/2025-09 ollama/2025-06-05
  openai/2026-02-10 openrouter/2025-05-roo openrouter/2025-09 openrouter/2026-02-10 poe/2025-09 sambanova/2025-09 zai/2025-09
`
  .trim()
  .split(/\s+/)
  .map((name) => `${name}.json`)

/** What each list gained in 2026, and how it has to be reported. */
const GAINED: Readonly<Record<string, { names: string[]; reported: string[] }>> = {
  groq: {
    names: ['pricing', 'context_length', 'max_output_length', 'input_modalities', 'output_modalities', 'features'],
    reported: [
      ...['pricing.prompt: price', 'pricing.completion: price', 'pricing.input_cache_read: price'],
      ...['context_length: limit', 'max_output_length: limit'],
      ...['features: flag', 'input_modalities: flag', 'output_modalities: flag'],
    ],
  },
  ollama: {
    names: ['capabilities', 'context_length'],
    reported: ['details.context_length: limit', 'capabilities: flag'],
  },
  'vercel-ai-gateway': {
    names: ['released', 'deprecated_at', 'service_tiers', 'video_duration_pricing', 'speech_input_character_cost'],
    reported: [
      ...['pricing.service_tiers.priority.input: price', 'pricing.service_tiers.priority.output: price'],
      ...['pricing.video_duration_pricing.cost_per_second: price', 'pricing.speech_input_character_cost: price'],
      ...['pricing.video_duration_pricing.audio: flag', 'pricing.video_duration_pricing.resolution: text'],
      ...['released: date', 'deprecated_at: date'],
    ],
  },
  xai: {
    names: [
      ...['prompt_text', 'completion_text', 'cached_prompt_text'].map((kind) => `${kind}_token_price_long_context`),
      ...['context_length', 'long_context_threshold'],
    ],
    reported: [
      'prompt_text_token_price_long_context: price',
      'completion_text_token_price_long_context: price',
      'cached_prompt_text_token_price_long_context: price',
      'long_context_threshold: limit',
      'context_length: limit',
    ],
  },
  fireworks: {
    names: ['pricing', 'context_length'],
    reported: ['pricing.amount: price', 'pricing.sku: text', 'pricing.unit: text', 'context_length: limit'],
  },
}

/** A source of before these members, under another slug. */
function olderThan(source: Source, names: readonly string[]): Source {
  const strip = (selection: string): string =>
    names.reduce((text, name) => {
      const spelled = name.replaceAll('*', '\\*')
      // Braces within braces go from the inside out.
      const nested = `${spelled}\\{(?:[^{}]|\\{(?:[^{}]|\\{[^{}]*\\})*\\})*\\}`
      return text.replace(new RegExp(`(?<![\\w*])(?:${nested}|${spelled}(?![\\w*{]))`, 'g'), '')
    }, selection)
  const listings = source.listings.map((listing): Listing => {
    const { members } = listing
    if (members === undefined) return listing
    const { keep, leave = '' } = members
    return { ...listing, members: { ...members, keep: strip(keep), leave: strip(leave) } }
  })
  return { ...source, slug: `older-${source.slug}`, addressVariable: undefined, modes: undefined, listings }
}

const house: Source = {
  ...openaiCompatible({
    ...{ slug: 'house', name: 'House', description: 'Ours.', homepage: 'https://house.example', path: '/list' },
    ...{ baseUrl: 'https://house.example', key: { variables: [], required: false } },
    members: { keep: 'id price_in window' },
  }),
}

function drifting({ unread, vanished }: ProviderRecord): { unread: string[]; vanished: string[] } {
  const line = ({ path, looksLike }: ProviderRecord['unread'][number]): string => `${path}: ${looksLike}`
  return { unread: unread.map(line), vanished: vanished.map(line) }
}

async function providerOf(host: TestHost, slug: string): Promise<ProviderRecord> {
  const { status, body } = await host.get<ProviderRecord>(`/providers/${slug}`)
  if (status !== 200) throw new Error(`GET /providers/${slug} answered ${status}`)
  return body
}

async function hostOf(t: Test, database: TestDatabase, source: Source, url: string): Promise<TestHost> {
  const isOurs = sources.includes(source)
  return startHost(t, database, {
    settings: {
      ...(isOurs ? {} : { sources: [source] }),
      providers: [source.slug],
      providerOptions: { [source.slug]: { baseUrl: url, apiKey: TEST_KEY } },
    },
  })
}

t.test('recorded answers have no member that is not named', async (t) => {
  for (const slug of existsSync(ANSWERS) ? readdirSync(ANSWERS) : [])
    for (const file of readdirSync(new URL(`${slug}/`, ANSWERS)).filter((name) => name.endsWith('.json'))) {
      const body: unknown = JSON.parse(readFileSync(new URL(`${slug}/${file}`, ANSWERS), 'utf8'))
      const source = sources.find((one) => one.slug === slug)
      const listing = source?.listings.find((one) => entriesIn(one, body).length > 0)
      if (listing?.members === undefined) continue
      const counter = new MemberCounter(listing.members, listing.details?.member)
      for (const entry of entriesIn(listing, body)) counter.add(entry)
      const unread = counter.counts(listing.path).unread.map(({ path }) => path)
      // The recordings are not ours: what has come since waits for somebody to look at it, and fails nothing.
      if (LOOKED_AT.includes(`${slug}/${file}`)) t.strictSame(unread, [], `${slug}/${file}`)
      else if (unread.length > 0) t.comment(`${slug}/${file}: ${unread.join()}`)
    }
})

for (const [kind, createDatabase] of databaseKinds) {
  t.test(kind, async (t) => {
    for (const [slug, { names, reported }] of Object.entries(GAINED))
      t.test(`what ${slug} has stated since 2026, with the list of before`, async (t) => {
        const { default: fixture } = (await import(`../../sources/fixtures/${slug}.js`)) as { default: SourceFixture }
        const server = await serve(t, fixture)
        const older = olderThan(fixture.source, names)
        const host = await hostOf(t, await createDatabase(t), older, server.url)
        t.equal((await host.sync()).success, true)
        const { unread, vanished } = drifting(await providerOf(host, older.slug))
        t.strictSame([...new Set(unread)].sort(), [...reported].sort())
        t.strictSame(vanished, [])
      })

    t.test('followed from sync to sync, however little of an answer is read again', async (t) => {
      type Row = Record<string, unknown>
      const row = (id: string, more: Row = {}): Row => ({ id, price_in: '0.000001', window: 8192, ...more })
      let rows = Array.from({ length: 20 }, (_, at) => row(`m${at}`))
      const server = await loopback(t, (request, response) => {
        const body = JSON.stringify({ data: rows })
        const etag = `"${Buffer.from(body).toString('base64url').slice(-40)}${body.length}"`
        if (request.headers['if-none-match'] === etag) return void response.writeHead(304).end()
        response.writeHead(200, { etag }).end(body)
      })
      const host = await hostOf(t, await createDatabase(t), house, server.url)
      const lines = async (): Promise<string[]> => {
        const { unread, vanished } = await providerOf(host, 'house')
        return [
          ...unread.map(({ path, entries, of }) => `${path} in ${entries} of ${of}`),
          ...vanished.map(({ path, entries, of }) => `no ${path}, in ${entries} of ${of}`),
        ]
      }
      await host.sync()
      t.strictSame(await lines(), [])

      rows = rows.map((one, at) => (at < 5 ? { ...one, price_out: '0.000003' } : one))
      await host.sync()
      t.strictSame(await lines(), ['price_out in 5 of 20'])
      const { since } = (await providerOf(host, 'house')).unread[0]!
      rows = [...rows, row('m20')]
      await host.sync()
      t.strictSame(await lines(), ['price_out in 5 of 21'], 'of the entries that are as they were too')
      t.strictSame(statuses(await host.sync()), ['not-modified'])
      t.match((await providerOf(host, 'house')).unread, [{ entries: 5, of: 21, since, listing: '/list' }])

      rows = rows.map(({ window, ...one }, at) => (at === 0 ? { ...one, window } : one))
      await host.sync()
      t.strictSame(await lines(), ['price_out in 5 of 21', 'no window, in 1 of 21'])
      const gone = (await providerOf(host, 'house')).vanished
      rows = [...rows, row('m21', { window: null })]
      await host.sync()
      t.strictSame(await lines(), ['price_out in 5 of 22', 'no window, in 1 of 22'])
      t.match((await providerOf(host, 'house')).vanished, [{ looksLike: 'limit', since: gone[0]?.since }])

      rows = rows.map((one) => ({ ...one, window: 4096 }))
      await host.sync()
      t.strictSame(await lines(), ['price_out in 5 of 22'])
      rows = rows.map(({ price_out: _, ...one }) => one)
      await host.sync()
      t.strictSame(await lines(), [], 'nothing is unread any more')
    })
  })
}
