/** Five reference backends over one PostgreSQL behave as one, whoever is killed, paused or cut off: three rounds of each kind, or with `npm run test:fleet` all of them. */
import t, { type Test } from 'tap'
import { needsPostgres } from '../../support/databases.js'
import { withoutPgBouncer } from '../../support/pgbouncer.js'
import { INTERVAL_MS, LEASE_MS, pause, startFleet, TAKE_OVER_MS, until, type Fleet } from './fleet.js'
import { PHASES, Rounds, type Outcome } from './rounds.js'

needsPostgres()
const whole = process.argv.includes('whole')
t.setTimeout(whole ? 3 * 3_600_000 : 580_000)
const COUNTS = whole
  ? { ticks: 10, blows: 20, restarts: 10, deploys: 100 }
  : { ticks: 3, blows: 3, restarts: 3, deploys: 3 }
const seed = Number(process.env['SEED'] ?? Date.now() % 1_000_000)
// Neither has the signals and the list of connections that this takes.
const skip = process.platform === 'linux' ? false : 'needs Linux'

for (const pgbouncer of [false, true]) {
  const name = pgbouncer ? 'through PgBouncer in transaction mode' : 'on PostgreSQL itself'
  t.test(name, { skip: skip || (pgbouncer && (withoutPgBouncer() ?? false)) }, (t) => everything(t, pgbouncer))
}

async function everything(t: Test, pgbouncer: boolean): Promise<void> {
  t.comment(`seed ${seed}`)
  const fleet = await startFleet(t, { replicas: 5, pgbouncer })
  const rounds = new Rounds(fleet, seed)

  await t.test('five that boot together cost one sync', async (t) => {
    await settled(fleet)
    for (const { slug, requests } of fleet.upstreams)
      t.ok(requests.length <= 1 + ticksSince(requests[0]!), `${requests.length} requests to ${slug}`)
    t.strictSame(await fleet.check('replica-1'), [])
  })

  await t.test(`one fetch a tick over ${COUNTS.ticks} ticks`, (t) => ticks(t, fleet))
  await t.test('one fetch for whoever asks at the same time, wherever', (t) => joined(t, fleet))
  await t.test('cancelled by any replica', (t) => cancelled(t, fleet))
  await t.test('edits by hand stay', async (t) => {
    for (const { slug } of fleet.upstreams) {
      const id = `${slug}/${slug}-0`
      const name = rounds.somebody()
      t.match(await fleet.request(name, 'PATCH', `/models/${id}`, { contextLength: 77 }), { status: 200 })
      fleet.pins.set(id, 77)
    }
    t.strictSame(await fleet.check('replica-2'), [])
  })

  for (const phase of PHASES)
    await many(t, `SIGKILL while ${phase}`, COUNTS.blows, TAKE_OVER_MS, () => rounds.kill(phase))
  for (const phase of ['fetching', 'applying'] as const)
    await many(t, `SIGSTOP while ${phase}`, COUNTS.blows, TAKE_OVER_MS, () => rounds.pauseAndResume(phase))
  for (const phase of ['fetching', 'between'] as const)
    await many(t, `PostgreSQL restarts while ${phase}`, COUNTS.restarts, Infinity, () => rounds.restart(phase))

  await t.test(`${COUNTS.deploys} rolling deploys of upstreams`, async (t) => {
    for (let deploy = 1; deploy <= COUNTS.deploys; deploy++) {
      await rounds.deploy()
      const wrong = await fleet.check(rounds.somebody(), { ordered: false })
      if (wrong.length > 0) return t.strictSame(wrong.slice(0, 5), [], `deploy ${deploy}`)
    }
    t.pass(`${COUNTS.deploys} deploys`)
  })
}

async function many(
  t: Test,
  name: string,
  times: number,
  mostMs: number,
  round: () => Promise<Outcome>,
): Promise<void> {
  await t.test(`${name}, ${times} times`, async (t) => {
    const taken: number[] = []
    for (let turn = 1; turn <= times; turn++) {
      const { takeOverMs, wrong } = await round()
      taken.push(takeOverMs)
      t.strictSame(wrong.slice(0, 5), [], `round ${turn}: ended after ${takeOverMs} ms`)
    }
    t.comment(`${name}: ended after ${taken.sort((a, b) => a - b).join(', ')} ms; a lease is ${LEASE_MS} ms`)
    t.ok(Math.max(...taken) <= mostMs)
  })
}

async function ticks(t: Test, fleet: Fleet): Promise<void> {
  await settled(fleet)
  const from = Date.now()
  for (const { requests } of fleet.upstreams) requests.length = 0
  await pause((COUNTS.ticks + 0.5) * INTERVAL_MS)
  const runs = await fleet.query<{ at: number }>(
    `SELECT extract(epoch FROM started_at)::float8 * 1000 AS at
    FROM model_sync.sync_runs WHERE trigger = 'interval' AND started_at >= to_timestamp($1::float8 / 1000) ORDER BY 1`,
    [from],
  )
  for (const { slug, requests } of fleet.upstreams)
    t.ok(
      Math.abs(requests.length - COUNTS.ticks) <= 1,
      `${requests.length} requests to ${slug} in ${COUNTS.ticks} ticks`,
    )
  t.ok(Math.abs(runs.length - COUNTS.ticks) <= 1, `${runs.length} runs`)
  const first = runs[0]?.at ?? 0
  const drift = runs.map(({ at }, index) => Math.round(at - first - index * INTERVAL_MS))
  t.ok(
    drift.every((ms) => Math.abs(ms) < 1000),
    `they come ${drift.join(', ')} ms late`,
  )
  const said = await Promise.all(
    fleet.names.map((name) => fleet.request<{ nextSyncAt: string }>(name, 'GET', '/models/sync')),
  )
  t.equal(new Set(said.map(({ body }) => body.nextSyncAt)).size, 1, 'all of them tell the same next one')
}

async function joined(t: Test, fleet: Fleet): Promise<void> {
  await settled(fleet)
  const holds = fleet.upstreams.map((upstream) => upstream.hold())
  const before = fleet.upstreams.map(({ requests }) => requests.length)
  const answers = fleet.names.map((name) => fleet.request(name, 'POST', '/models/sync'))
  await Promise.all(holds.map(({ arrived }) => arrived))
  await pause(300)
  const after = fleet.upstreams.map(({ requests }, at) => requests.length - before[at]!)
  for (const { release } of holds) release()
  t.strictSame(after, [1, 1, 1], 'one request to each')
  const got = await Promise.all(answers)
  t.equal(new Set(got.map(({ body }) => body.runId)).size, 1, 'one run')
  t.ok(got.every(({ status, body }) => status === 200 && body.success))
}

async function cancelled(t: Test, fleet: Fleet): Promise<void> {
  await settled(fleet)
  const holds = fleet.upstreams.map((upstream) => upstream.hold())
  const answer = fleet.request('replica-1', 'POST', '/models/sync')
  await Promise.all(holds.map(({ arrived }) => arrived))
  const shown = await fleet.request<{ running: boolean }>('replica-3', 'GET', '/models/sync')
  t.equal(shown.body.running, true, 'each replica shows it')
  const at = performance.now()
  const { status } = await fleet.request('replica-2', 'DELETE', '/models/sync')
  const tookMs = Math.round(performance.now() - at)
  for (const { release } of holds) release()
  t.equal(status, 200)
  t.ok(tookMs <= 2000, `${tookMs} ms`)
  t.match(await answer, { body: { success: false } })
  t.strictSame(await fleet.check('replica-4'), [])
}

/** Until no run is open. */
async function settled(fleet: Fleet): Promise<void> {
  await until('the runs to end', 15_000, async () => (await fleet.open()).length === 0)
}

function ticksSince(at: number): number {
  return Math.ceil((Date.now() - at) / INTERVAL_MS)
}
