/** A host reads its own columns as it likes, and has its server set up as it likes: the catalogue is the same. */
import fastifyPostgres from '@fastify/postgres'
import pg from 'pg'
import t, { type Test } from 'tap'
import { createPostgresDatabase, type TestDatabase } from '../../support/databases.js'
import { startHost, type HostOptions } from '../../support/host.js'
import { manyRows } from '../../support/loopback-litellm.js'

/** What hosts set parsers for: bool, bytea, int8, int2, int4, text, json, float4, float8, text[], varchar, date, timestamps, numeric, uuid, jsonb. */
const TYPES = [16, 17, 20, 21, 23, 25, 114, 700, 701, 1009, 1043, 1082, 1114, 1184, 1700, 2950, 3802]

/** All that an administrator sees and does, as text that is the same for the same catalogue. */
async function life(t: Test, database: TestDatabase, options: HostOptions = {}): Promise<string[]> {
  const host = await startHost(t, database, { litellm: { models: manyRows(12) }, ...options })
  const texts: string[] = []
  const look = async (): Promise<void> => {
    for (const path of [
      '/models?limit=500&sort=-inputCostPerToken',
      '/models?search=vendor&mode=chat&limit=2',
      `/models/${[...(await host.models()).values()][0]?.id}`,
      '/models/changes?limit=500',
      '/models/changes?model=litellm/model-1',
      '/models/sync',
      '/models/sync/stats',
      '/models/sync/history?provider=litellm',
      '/models/stats',
      '/models/stats/daily?days=2',
      '/models/health',
      '/models/validate',
      '/models/deprecations',
      '/models/discrepancies',
      '/models/resolve?model=model-1',
      '/providers',
      '/providers/litellm',
      '/providers/stats',
      '/v1/models',
      '/admin/model-sync/status',
    ]) {
      const { status, text } = await host.get(path)
      texts.push(`${path} ${status} ${plain(text)}`)
    }
  }
  texts.push(plain(JSON.stringify(await host.sync())))
  await look()
  const all = host.litellm.models.splice(0, Infinity)
  host.litellm.models.push(...all.slice(3))
  texts.push(plain(JSON.stringify(await host.sync({ dryRun: true }))), plain(JSON.stringify(await host.sync())))
  await look()
  const [last] = [...(await host.models()).values()]
  const edit = await host.request({
    method: 'PATCH',
    url: `/models/${last?.id}`,
    payload: { inputCostPerToken: '0.00000125', contextLength: 4096, aliases: ['a', 'NULL'] },
  })
  texts.push(`edit ${edit.status} ${plain(edit.text)}`)
  host.litellm.models.splice(0, Infinity, ...all)
  texts.push(plain(JSON.stringify(await host.sync({ forceUpdate: true }))))
  await look()
  return texts
}

/** Without times, ids of runs, and what hangs on them or on the address. */
function plain(text: string): string {
  return text
    .replace(/\d{4}-\d\d-\d\dT[\d:.]+Z/g, 'TIME')
    .replace(/[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}/g, 'ID')
    .replace(/"(planHash|replica)":"[^"]*"/g, '"$1"')
    .replace(/"created":\d+/g, '"created"')
    .replace(/"(durationMs|fetchMs|applyMs|cache_[a-z]+|seconds_[a-z_]+|averageMs|lastMs)":[\d.]+/g, '"$1"')
    .replace(/127\.0\.0\.1:\d+/g, 'ADDRESS')
}

function compare(t: Test, found: readonly string[], wanted: readonly string[]): void {
  t.equal(found.length, wanted.length)
  for (const [index, text] of found.entries()) if (text !== wanted[index]) t.equal(text, wanted[index])
}

t.test('parsers for all of pg, and binary answers', async (t) => {
  const plainHost = await life(t, await createPostgresDatabase(t))
  const database = await createPostgresDatabase(t)
  for (const type of TYPES) {
    const before = { text: pg.types.getTypeParser(type, 'text'), binary: pg.types.getTypeParser(type, 'binary') }
    t.teardown(() => {
      pg.types.setTypeParser(type, 'text', before.text as never)
      pg.types.setTypeParser(type, 'binary', before.binary as never)
    })
    pg.types.setTypeParser(type, 'text', (value: string) => ({ host: value }))
    pg.types.setTypeParser(type, 'binary', (value: unknown) => ({ host: value }))
  }
  const told: unknown[] = []
  const lives = await life(t, database, {
    before: (app) => app.register(fastifyPostgres, { ...database.poolConfig, binary: true } as object),
    settings: {
      onApply: async (client) => {
        told.push((await client.query('SELECT $1::integer AS one', [1])).rows[0])
      },
    },
  })
  compare(t, lives, plainHost)
  t.match(told[0], { one: { host: Buffer.from([0, 0, 0, 1]) } }, 'in its own hook the host reads as ever')
})

t.test('settings of a server that change how values are written and read', async (t) => {
  const plainHost = await life(t, await createPostgresDatabase(t))
  for (const settings of [
    { array_nulls: 'off' },
    { bytea_output: 'escape', datestyle: 'SQL, DMY', intervalstyle: 'sql_standard', timezone: 'Asia/Kathmandu' },
    { extra_float_digits: '0', standard_conforming_strings: 'off', transform_null_equals: 'on' },
  ]) {
    const database = await createPostgresDatabase(t)
    const options = Object.entries(settings).map(([name, value]) => `-c ${name}=${value.replace(/ /g, '\\ ')}`)
    const url = new URL(database.url!)
    url.searchParams.set('options', options.join(' '))
    t.comment(options.join(' '))
    compare(t, await life(t, database, { settings: { databaseUrl: url.href } }), plainHost)
  }
})
