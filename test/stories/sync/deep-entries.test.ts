/** Entries that are nested without end: each is a malformed entry, and the models beside it arrive. */
import { createServer } from 'node:http'
import { once } from 'node:events'
import type { AddressInfo } from 'node:net'
import t from 'tap'
import { createPostgresDatabase, needsPostgres } from '../../support/databases.js'
import { startHost } from '../../support/host.js'

needsPostgres()

const nested = (open: string, close: string, depth: number): string => open.repeat(depth) + '1' + close.repeat(depth)
const DEEP: [name: string, entry: string][] = [
  ['lists in a member', `{"id":"deep","pricing":${nested('[', ']', 100_000)}}`],
  ['objects in a member', `{"id":"deep","pricing":${nested('{"a":', '}', 100_000)}}`],
  ['both in turn', `{"id":"deep","meta":${nested('[{"a":', '}]', 50_000)}}`],
  ['the entry itself', nested('[', ']', 100_000)],
  ['its id', `{"id":${nested('[', ']', 100_000)}}`],
]

let body = '{"data":[]}'
const server = createServer((_request, response) => response.setHeader('content-type', 'application/json').end(body))
server.listen(0, '127.0.0.1')
await once(server, 'listening')
t.teardown(() => server.close())
const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}/v1`
const host = await startHost(t, await createPostgresDatabase(t), {
  settings: { openaiCompatible: [{ slug: 'box', url }] },
})

for (const [name, entry] of DEEP)
  t.test(name, async (t) => {
    const sound = Array.from({ length: 19 }, (_, index) => `{"id":"sound-${index}"}`)
    body = `{"data":[${[...sound, entry].join(',')}]}`
    const result = await host.app.modelSync.syncModels({ providers: ['box'] })
    t.match(result, { success: true, rejectedModels: 1, errors: [] })
    t.match((await host.app.inject('/models?provider=box&availability=available')).json(), { total: 19 })
  })
