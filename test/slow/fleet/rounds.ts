/** What happens to a fleet in one round of each kind: somebody is killed or paused at a bad moment, PostgreSQL restarts, an upstream is deployed. */
import type pg from 'pg'
import { random } from '../../support/litellm-rows.js'
import type { Stand } from '../../stories/fleet/check-fleet.js'
import { CLOCK, type FleetUpstream } from './fleet-upstream.js'
import { LEASE_MS, pause, TAKE_OVER_MS, until, type Answer, type Fleet } from './fleet.js'

/** Where a holder is when it is hit. */
export const PHASES = ['fetching', 'between', 'applying', 'ending'] as const
export type Phase = (typeof PHASES)[number]

const REACHED_MS = 15_000

/** A sync that somebody asked this replica for. */
interface Asked {
  name: string
  answer: Promise<Answer | Error>
}

interface Reached {
  /** The replica that is at work. */
  holder: string
  runId: string
  /** Lets everything that was held go on. */
  release(): Promise<void>
}

export interface Outcome {
  /** Of the run, from the blow to its end, ms. */
  takeOverMs: number
  wrong: string[]
}

export class Rounds {
  readonly chance: () => number
  private turn = 0

  constructor(
    private readonly fleet: Fleet,
    seed: number,
  ) {
    this.chance = random(seed)
  }

  /** The holder is killed in this phase: another one ends its run, and whoever waits elsewhere gets the result. */
  async kill(phase: Phase): Promise<Outcome> {
    const { fleet } = this
    const { answers, reached } = await this.begin(phase)
    const { holder, runId } = reached
    await fleet.kill(holder)
    const at = Date.now()
    await reached.release()
    const wrong = await this.followUp({ runId, at, holder, phase }, answers)
    await fleet.start(holder)
    return { takeOverMs: wrong.takeOverMs, wrong: [...wrong.wrong, ...(await fleet.check(this.somebody()))] }
  }

  /** The holder is paused for longer than its lease, and wakes up with an old answer in its hands. */
  async pauseAndResume(phase: Phase): Promise<Outcome> {
    const { fleet } = this
    const { answers, reached } = await this.begin(phase)
    const { holder, runId } = reached
    fleet.pause(holder)
    const at = Date.now()
    await reached.release()
    let outcome: Outcome
    let before: unknown
    try {
      for (const upstream of fleet.upstreams) upstream.evolve(this.chance)
      outcome = await this.followUp({ runId, at, holder, phase }, answers)
      await fleet.sync(this.somebody(holder))
      before = await this.record(runId)
      await pause(Math.max(0, at + 2 * LEASE_MS - Date.now()))
    } finally {
      fleet.resume(holder)
    }
    // Time for everything that the holder still has in mind.
    await pause(1000)
    const after = await this.record(runId)
    if (JSON.stringify(before) !== JSON.stringify(after))
      outcome.wrong.push(
        `run ${runId} was ${JSON.stringify(before)}, and its old holder made it ${JSON.stringify(after)}`,
      )
    outcome.wrong.push(...(await fleet.check(this.somebody())))
    return outcome
  }

  /** PostgreSQL restarts while a run is in this phase. */
  async restart(phase: 'fetching' | 'between'): Promise<Outcome> {
    const { fleet } = this
    const { answers, reached } = await this.begin(phase)
    const at = Date.now()
    await fleet.postgres.restart()
    await reached.release()
    await Promise.all(answers.map(({ answer }) => answer))
    const ended = (): Promise<boolean> => fleet.open().then((open) => open.every(({ id }) => id !== reached.runId))
    await until(`the end of run ${reached.runId}`, 30_000, () => ended().catch(() => false))
    return { takeOverMs: Date.now() - at, wrong: await fleet.check(this.somebody()) }
  }

  /** An upstream's instances say different things for a while; half of its deploys are taken back, so that its answers are in no order. */
  async deploy(): Promise<void> {
    const { fleet, chance } = this
    const upstream = fleet.upstreams[this.turn++ % fleet.upstreams.length]!
    const stands = upstream.stand
    const next = new Map(stands).set(CLOCK, stands.get(CLOCK)! + 1).set(`${upstream.slug}-deploy-${this.turn}`, 9000)
    for (const id of next.keys())
      if (/-deploy-/.test(id) && id !== `${upstream.slug}-deploy-${this.turn}`) next.delete(id)
    const goal: Stand = chance() < 0.5 ? next : stands
    const syncs: Promise<unknown>[] = []
    for (const part of goal === next ? [0.3, 0.7, 1] : [0.3, 0.7, 0.3, 0]) {
      upstream.roll(() => (chance() < part ? next : stands))
      for (const name of fleet.names) if (chance() < 0.6) syncs.push(fleet.sync(name))
      await pause(chance() * 60)
    }
    await Promise.all(syncs)
    upstream.serve(goal)
  }

  somebody(but?: string): string {
    const names = this.fleet.names.filter((name) => name !== but)
    return names[Math.floor(this.chance() * names.length)]!
  }

  /** Two replicas are asked for the same sync, and its holder comes to the phase. */
  private async begin(phase: Phase): Promise<{ answers: Asked[]; reached: Reached }> {
    const { fleet } = this
    for (const upstream of fleet.upstreams) upstream.evolve(this.chance)
    const first = this.somebody()
    const second = this.somebody(first)
    const answers: Asked[] = []
    const ask = (): void => [first, second].forEach((name) => void answers.push({ name, answer: fleet.sync(name) }))
    const reached = await (phase === 'fetching' || phase === 'between'
      ? this.reachFetch(phase, ask)
      : this.reachLock(phase, ask))
    return { answers, reached }
  }

  private async reachFetch(phase: 'fetching' | 'between', ask: () => void): Promise<Reached> {
    const { fleet } = this
    const [one, two, three] = fleet.upstreams as [FleetUpstream, FleetUpstream, FleetUpstream]
    const holds = (phase === 'fetching' ? [one, two, three] : [two, three]).map((upstream) => upstream.hold())
    ask()
    const ports = await within('the requests of a run', Promise.all(holds.map(({ arrived }) => arrived)))
    const holder = fleet.askedBy(ports[0]!)
    if (phase === 'between') await this.applied(one)
    const runId = await this.openRun()
    return { holder, runId, release: async () => holds.forEach(({ release }) => release()) }
  }

  private async reachLock(phase: 'applying' | 'ending', ask: () => void): Promise<Reached> {
    const { fleet } = this
    const [one, two, three] = fleet.upstreams as [FleetUpstream, FleetUpstream, FleetUpstream]
    const hold = three.hold()
    ask()
    const holder = fleet.askedBy(await within('the request of a run', hold.arrived))
    await this.applied(one)
    await this.applied(two)
    const client = await fleet.pool.connect()
    await client.query('BEGIN')
    await client.query(
      phase === 'applying'
        ? `SELECT FROM model_sync.providers WHERE slug = 'three' FOR UPDATE`
        : 'LOCK TABLE model_sync.sync_runs IN SHARE MODE',
    )
    hold.release()
    if (phase === 'ending') await this.applied(three, 2000).catch(() => undefined)
    await until('somebody to wait for the lock', REACHED_MS, () => isAwaited(client))
    return {
      holder,
      runId: await this.openRun(),
      release: async () => {
        await client.query('ROLLBACK')
        client.release()
      },
    }
  }

  private openRun(): Promise<string> {
    return until('a run', REACHED_MS, async () => (await this.fleet.open()).at(-1)?.id)
  }

  private async applied({ slug, stand }: FleetUpstream, ms = REACHED_MS): Promise<void> {
    await until(`${slug} to be applied`, ms, async () => {
      const [model] = await this.fleet.query<{ context: number }>(
        `SELECT m.context_length AS context
        FROM model_sync.models AS m
        JOIN model_sync.providers AS p ON p.id = m.provider_id
        WHERE p.slug = $1 AND m.provider_model_id = $2`,
        [slug, CLOCK],
      )
      return model?.context === stand.get(CLOCK)
    })
  }

  private async record(runId: string): Promise<unknown> {
    const [row] = await this.fleet.query('SELECT to_jsonb(r) AS row FROM model_sync.sync_runs AS r WHERE id = $1', [
      runId,
    ])
    return row
  }

  /** The run has its end in time, under its id, by somebody else, and whoever waited at another replica has the result. */
  private async followUp(
    { runId, at, holder, phase }: { runId: string; at: number; holder: string; phase: Phase },
    answers: readonly Asked[],
  ): Promise<Outcome> {
    const { fleet } = this
    const wrong: string[] = []
    type Row = { ended: boolean; success: boolean | null; replica: string; row: Record<string, unknown> }
    const read = (): Promise<Row[]> =>
      fleet.query<Row>(
        `SELECT finished_at IS NOT NULL AS ended, success, replica, to_jsonb(r) - 'result' AS row
        FROM model_sync.sync_runs AS r WHERE id = $1`,
        [runId],
      )
    const ended = await until(`the end of run ${runId}`, TAKE_OVER_MS + 8000, async () => {
      const [row] = await read()
      return row?.ended === true ? row : null
    }).catch(() => null)
    const takeOverMs = Date.now() - at
    if (ended === null) wrong.push(`run ${runId} of ${holder} has no end after ${takeOverMs} ms`)
    else {
      if (takeOverMs > TAKE_OVER_MS) wrong.push(`run ${runId} of ${holder} ended after ${takeOverMs} ms`)
      if (ended.success !== true) wrong.push(`run ${runId} was taken over, and failed`)
      // The statement that ends a run may arrive before its sender dies.
      const endedItself = phase === 'ending' && ended.row['taken_over'] === null
      if (!endedItself && (ended.row['taken_over'] !== holder || ended.replica === holder))
        wrong.push(
          `run ${runId} is ${ended.replica}'s, taken over from ${String(ended.row['taken_over'])}, not ${holder}`,
        )
    }
    const others = answers.filter(({ name }) => name !== holder)
    const late = pause(TAKE_OVER_MS).then(() => null)
    for (const answer of await Promise.all(others.map((each) => Promise.race([each.answer, late]))))
      if (answer === null) wrong.push('somebody who asked for the run waits for ever')
      else if (!(answer instanceof Error) && (answer.status !== 200 || !answer.body.success))
        wrong.push(`somebody got ${answer.status} ${JSON.stringify(answer.body.errors ?? answer.body)}`)
    return { takeOverMs, wrong }
  }
}

async function isAwaited(client: pg.PoolClient): Promise<boolean> {
  const { rows } = await client.query(
    'SELECT FROM pg_stat_activity WHERE pg_backend_pid() = ANY (pg_blocking_pids(pid))',
  )
  return rows.length > 0
}

async function within<T>(what: string, promise: Promise<T>): Promise<T> {
  const late = pause(REACHED_MS).then(() => {
    throw new Error(`waited ${REACHED_MS} ms for ${what}`)
  })
  return Promise.race([promise, late])
}
