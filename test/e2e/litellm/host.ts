/** A host of the plugin for these tests: a Fastify app on a real database, asked through HTTP, with everything that it says on record. */
import fastify from 'fastify'
import type { Test } from 'tap'
import modelSync, { type ModelSyncOptions } from '../../../src/index.js'
import type { SyncResult } from '../../../src/core/records/sync-result.js'

/** A model as GET /models answers it. */
export type Row = Record<string, unknown> & { id: string; providerModelId: string }

export interface Host {
  /** GET, status 200. */
  get<T>(path: string): Promise<T>
  /** POST /models/sync, status 200. */
  sync(body?: object): Promise<SyncResult>
  /** GET, status 200, as it came. */
  text(path: string): Promise<string>
  /** All models, by their providerModelId. */
  models(): Promise<Map<string, Row>>
  /** The log so far, and every body that was answered. */
  said(): string
}

/** Starts the host without a sync of its own; it is closed when `t` ends. */
export async function startHost(
  t: Pick<Test, 'teardown'>,
  options: { databaseUrl: string; litellm: { url: string; apiKey: string } } & Pick<ModelSyncOptions, 'teams'>,
): Promise<Host> {
  const said: string[] = []
  const app = fastify({ logger: { level: 'trace', stream: { write: (line: string) => void said.push(line) } } })
  await app.register(modelSync, {
    // What LiteLLM says is compared, not what a price book adds when it is read.
    priceBook: false,
    ...options,
    prefix: '/api',
    syncOnStartup: false,
    // The tests' own process is the only one that knows the port.
    allowUnauthenticated: true,
  })
  const address = await app.listen({ host: '127.0.0.1', port: 0 })
  t.teardown(() => app.close())

  const request = async <T>(method: string, path: string, body?: object): Promise<T> =>
    JSON.parse(await ask(method, path, body)) as T

  async function ask(method: string, path: string, body?: object): Promise<string> {
    const answer = await fetch(`${address}/api${path}`, {
      method,
      ...(body === undefined ? {} : { headers: { 'content-type': 'application/json' }, body: JSON.stringify(body) }),
    })
    const text = await answer.text()
    said.push(text)
    if (answer.status !== 200) throw new Error(`${method} ${path} answered ${answer.status}: ${text}`)
    return text
  }

  return {
    get: (path) => request('GET', path),
    text: (path) => ask('GET', path),
    sync: (body) => request('POST', '/models/sync', body),
    async models() {
      const rows = new Map<string, Row>()
      let cursor: string | null = null
      do {
        const query: string = cursor === null ? '' : `&cursor=${encodeURIComponent(cursor)}`
        const page: { models: Row[]; nextCursor: string | null } = await request('GET', `/models?limit=100${query}`)
        for (const row of page.models) rows.set(row.providerModelId, row)
        cursor = page.nextCursor
      } while (cursor !== null)
      return rows
    },
    said: () => said.join('\n'),
  }
}
