/** Secrets and internal addresses are in no table, no answer and no log line, whatever happens. */
import { createHash } from 'node:crypto'
import { gunzipSync } from 'node:zlib'
import type { Test } from 'tap'
import type { TestDatabase } from '../../support/databases.js'
import { startHost } from '../../support/host.js'
import { modelRow } from '../../support/loopback-litellm.js'

const KEY = 'sk-lItElLm-9f3A7c21d8e04b6f'
const SECRETS = {
  api_key: 'sk-upstream-5c0ffee5c0ffee',
  api_base: 'http://gpu-17.internal.corp:8000/v1',
  aws_secret_access_key: 'wJalrXUtnFEMIK7MDENGbPxRfiCYEXAMPLEKEY',
  vertex_credentials: '{"private_key":"-----BEGIN PRIVATE KEY-----MIIEvQ"}',
  litellm_credential_name: 'credential-of-the-finance-team',
  extra_headers: { 'x-internal-token': 'header-secret-8a7b6c' },
  organization: 'org-secret-4711',
}
const CUSTOM = {
  internal_host: 'db-3.internal.corp',
  billing_token: 'bill-0a1b2c3d4e',
  owner_contact: 'jane.roe@corp.example',
  nested: { deep: { password: 'hunter2-nested' } },
  base_model: 'http://10.11.12.13/private-base',
  input_cost_per_token_note: 'cost-note-secret',
  supports_secret: 'supports-secret-value',
}
const NEEDLES = [
  KEY,
  KEY.slice(3),
  createHash('sha256').update(KEY).digest('hex'),
  Buffer.from(KEY).toString('base64').slice(2, 20),
  ...JSON.stringify([SECRETS, CUSTOM]).matchAll(
    /"[^"\\]*(?:secret|internal|sk-|wJal|MIIE|bill-|jane|hunter2|10\.11|finance)[^"\\]*"/g,
  ),
]
  .map((match) => (typeof match === 'string' ? match : match[0].slice(1, -1)))
  .filter((needle) => needle.length > 6)

export default async function suite(t: Test, database: TestDatabase): Promise<void> {
  const host = await startHost(t, database, { litellm: { key: KEY } })
  const { litellm } = host
  const seen: string[] = []
  const look = (where: string) => NEEDLES.filter((needle) => where.includes(needle))

  const secretRow = (model_name: string) =>
    modelRow({ model_name, litellm_params: { ...SECRETS }, model_info: { ...CUSTOM, ...SECRETS } })

  async function walk(): Promise<void> {
    for (const url of [
      '/models?limit=500',
      '/models/litellm/open',
      '/models/changes?limit=500',
      '/models/stats',
      '/models/health',
      '/models/sync',
      '/models/sync/stats',
      '/models/sync/history',
      '/v1/models',
      '/models/nothing',
      '/models?cursor=bad',
    ]) {
      const answer = await host.get(url)
      seen.push(answer.text, JSON.stringify(answer.headers))
    }
  }

  await host.reset([secretRow('open'), secretRow('open'), secretRow('other')])
  for (const body of [{ dryRun: true }, {}, { forceUpdate: true }, {}]) seen.push(JSON.stringify(await host.sync(body)))
  await walk()
  t.match((await host.get('/models/litellm/open')).body, { upstreamEntry: { model_name: 'open' } }, 'an entry is kept')

  // Upstreams quote what they were sent, and what they are configured with.
  const quoted = `bad key ${KEY}, Authorization: Bearer ${KEY}, hash ${createHash('sha256').update(KEY).digest('hex')}`
  for (const fault of [
    { kind: 'status', status: 401, message: quoted },
    { kind: 'status', status: 400, message: quoted },
    { kind: 'json', body: { error: { message: quoted } } },
    {
      kind: 'json',
      body: { data: [null, { model_name: '', litellm_params: SECRETS }, { model_name: 7, ...SECRETS }] },
    },
    { kind: 'redirect', location: `http://elsewhere.example/?key=${KEY}` },
    { kind: 'html' },
    { kind: 'stall' },
  ] as const) {
    litellm.setFault('/model/info', fault)
    if ('status' in fault) litellm.setFault('/v1/models', fault)
    const result = await host.sync()
    t.equal(result.success, false)
    seen.push(JSON.stringify(result))
    await walk()
    litellm.setFault('/v1/models', null)
  }

  t.ok(NEEDLES.length > 12)
  t.strictSame(look(seen.join('\n')), [], 'no answer')
  t.strictSame(look(await host.database.dump()), [], 'no table')
  t.strictSame(look(host.log.text()), [], 'no log line, at level trace')
  t.ok(host.log.text().length > 1000, 'there is a log to look at')
  const chunks = await host.pool.query<{ entries: Buffer }>('SELECT entries FROM model_sync.upstream_entries')
  const entries = chunks.rows.map((row) => gunzipSync(row.entries).toString()).join('\n')
  t.match(entries, '"model_name":"open"')
  t.strictSame(look(entries), [], 'no compressed entry')
  t.ok(look(JSON.stringify(litellm.models)).length > 10, 'what is looked for is what upstream has sent')
  t.ok(
    litellm.requests.every(({ url }) => !url.includes('?')),
    'nor in an address',
  )
}
