/** The lines of docs/reference/providers.md for providers that list names alone: each is read, and leads to their list. */
import { readFileSync } from 'node:fs'
import t from 'tap'
import { optionsFromEnv } from '../../../src/options.js'
import { openaiCompatibleEndpoint } from '../../../src/sources/kit/openai-compatible.js'
import { sources } from '../../../src/sources/all-sources.js'
import { loopback } from '../../support/loopback.js'
import { ROOT } from '../../support/root.js'
import { read } from '../../upstream/reading.js'

const lines = [
  ...readFileSync(new URL('docs/reference/providers.md', ROOT), 'utf8').matchAll(
    /^\| [^|]+ \| `(\S+=https:\/\/\S+)` +\|$/gm,
  ),
].map(([, line = '']) => line)

t.same(
  lines.map((line) => line.split('=')[0]),
  ['nvidia', 'minimax', 'scaleway', 'databricks', 'opencode-zen'],
)

for (const line of lines) {
  t.test(line, async (t) => {
    const { openaiCompatible = [] } = optionsFromEnv({ MODEL_SYNC_OPENAI_COMPATIBLE: line })
    const [endpoint, ...more] = openaiCompatible
    t.equal(more.length, 0)
    if (endpoint === undefined) throw new Error('the line is no endpoint')
    t.notOk(
      sources.some(({ slug }) => slug === endpoint.slug),
      'it is no source of ours',
    )
    const keyVariable = endpoint.keyVariable ?? null
    t.match(keyVariable, /^[A-Z]+(?:_API_KEY|_TOKEN)$/)
    // As NVIDIA lists: one date for all, long before any model.
    const data = ['acme/titan', 'acme/embed-v1', 'other/titan'].map((id) => ({
      id,
      object: 'model',
      created: 735_790_403,
    }))
    const server = await loopback(t, (request, response) => {
      const isAsked = request.url === `${new URL(endpoint.url).pathname}/models`
      const isKnown = request.headers.authorization === 'Bearer key-1'
      response.writeHead(isAsked && isKnown ? 200 : 404, { 'content-type': 'application/json' })
      response.end(JSON.stringify({ object: 'list', data }))
    })
    const address = `${server.url}${new URL(endpoint.url).pathname}`
    const source = openaiCompatibleEndpoint({ slug: endpoint.slug, address, keyVariable })
    const { outcome, error, pages } = await read(source, address, { apiKey: 'key-1' })
    t.equal(error?.message, undefined)
    t.equal(outcome?.state, 'complete')
    t.equal(pages[0]?.[1].length, 3)
    const parsed = source.listings[0]?.parse(data[0])
    t.match(parsed, { kind: 'model', fields: { createdAt: undefined, mode: null } })
  })
}
