/** One run's result stays small, however much its providers have to complain about. */
import t from 'tap'
import { openai } from '../../../src/sources/providers/openai.js'
import type { Source } from '../../../src/sources/kit/source.js'
import type { RunRecord } from '../../../src/core/records/run-record.js'
import { createPostgresDatabase } from '../../support/databases.js'
import { startHost } from '../../support/host.js'
import { loopback } from '../../support/loopback.js'

const PROVIDERS = 40
const upstream = await loopback(t, (request, response) => {
  if (request.url?.includes('html') === true) response.writeHead(500).end('<p>no</p>'.repeat(100_000))
  else
    response.end(JSON.stringify({ data: Array.from({ length: 200 }, (_, id) => ({ id: `${id}-${'m'.repeat(900)}` })) }))
})

type Listing = (typeof openai.listings)[number]

function sourceOf(slug: string, change: Partial<Listing>): Source {
  return {
    ...openai,
    slug,
    baseUrl: upstream.url,
    key: { ...openai.key, required: false },
    listings: openai.listings.map((listing) => ({ ...listing, ...change })),
  }
}

/** A word of its own for each entry, as numbers and quoted texts do not make two kinds. */
const wordOf = (entry: unknown): string =>
  String((entry as { id: string }).id).replace(/\d/g, (digit) => 'abcdefghij'[Number(digit)]!)

const sources = Array.from(
  { length: PROVIDERS },
  (_, index) =>
    [
      sourceOf(`warns-${index}`, {
        parse: (entry) => ({
          kind: 'model',
          fields: { name: 'one' },
          warnings: [`${wordOf(entry)} is odd: ${'x'.repeat(10_000)}`],
        }),
      }),
      sourceOf(`throws-${index}`, {
        parse: () => {
          throw new Error('y'.repeat(100_000))
        },
      }),
      sourceOf(`rejects-${index}`, { parse: () => ({ kind: 'rejected', reason: 'z'.repeat(100_000) }) }),
      sourceOf(`html-${index}`, { path: '/html' }),
    ][index % 4]!,
)

t.test('forty providers, each with a hundred warnings or one endless error', async (t) => {
  const slugs = sources.map(({ slug }) => slug)
  const host = await startHost(t, await createPostgresDatabase(t), {
    settings: { sources, providers: slugs },
  })
  const answer = await host.request<Awaited<ReturnType<typeof host.sync>>>({ method: 'POST', url: '/models/sync' })
  t.equal(answer.status, 200)
  t.ok(Buffer.byteLength(answer.text) < 3 * 1024 * 1024, `${Buffer.byteLength(answer.text)} bytes`)
  t.equal(answer.body.errors.length, (PROVIDERS / 4) * 3)
  for (const { provider, warnings, error = '' } of answer.body.providers) {
    t.ok(warnings.length <= 31, `${provider}: ${warnings.length} warnings`)
    t.ok([...warnings, error].every((line) => line.length <= 2001))
    if (provider.startsWith('warns')) t.match(warnings.at(-1), /^\d+ further warnings are left out$/)
    else t.not(error, '')
  }
  const { text, body } = await host.get<{ runs: RunRecord[] }>('/models/sync/history')
  t.equal(body.runs.length, 1)
  t.ok(Buffer.byteLength(text) < 3 * 1024 * 1024, 'nor is what is kept of it')
  for (const url of ['/models/health', '/providers', '/models/sync'])
    t.ok(Buffer.byteLength((await host.get(url)).text) < 4 * 1024 * 1024, url)
})
