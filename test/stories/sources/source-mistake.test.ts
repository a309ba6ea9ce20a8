/** A host's source with a mistake in it: told as what it is, on record like any failure, and the database is not blamed. */
import t from 'tap'
import { openai } from '../../../src/sources/providers/openai.js'
import type { Source } from '../../../src/sources/kit/source.js'
import { createPostgresDatabase } from '../../support/databases.js'
import { startHost } from '../../support/host.js'
import { loopback } from '../../support/loopback.js'

const database = await createPostgresDatabase(t)

for (const [place, mistaken] of [
  ['parse', { parse: (entry: unknown) => (entry as { a: { b: never } }).a.b }],
  ['identify', { identify: () => (undefined as unknown as string).trim() }],
] as const)
  t.test(`a TypeError in ${place}`, async (t) => {
    const upstream = await loopback(t, (_request, response) => void response.end('{"data":[{"id":"m"}]}'))
    const own: Source = {
      ...openai,
      slug: `own-${place}`,
      baseUrl: upstream.url,
      key: { ...openai.key, required: false },
      listings: openai.listings.map((listing) => ({ ...listing, ...mistaken })),
    }
    const host = await startHost(t, database, { settings: { sources: [own], providers: [own.slug] } })
    const result = await host.sync({ providers: [own.slug] })
    t.match(result, {
      success: false,
      errors: [new RegExp(`^${own.slug}: an unexpected error, see the log: Cannot read prop`)],
      problems: [{ provider: own.slug, code: 'internal', facts: {} }],
      providers: [{ status: 'failed', reason: 'internal' }],
    })
    t.match((await host.get('/models/health')).body, {
      status: 'degraded',
      providers: [{ provider: own.slug, healthy: false, consecutiveFailures: 1 }],
    })
    const { body } = await host.get<{ providers: Record<string, unknown>[] }>('/providers')
    t.match(
      body.providers.find(({ slug }) => slug === own.slug),
      { lastProblem: { code: 'internal', facts: {} }, consecutiveFailures: 1 },
    )
    t.match(host.log.text(), /TypeError: Cannot read prop.*source-mistake/s, 'the log has the stack')
  })
