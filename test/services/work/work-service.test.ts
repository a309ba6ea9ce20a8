/** Work that replicas share: nobody gets the same twice, lanes keep their order, and whoever has lost a lease writes nothing. */
import { randomUUID } from 'node:crypto'
import { setTimeout as delay } from 'node:timers/promises'
import pg from 'pg'
import type { Test } from 'tap'
import t from 'tap'
import { ToadScheduler } from 'toad-scheduler'
import { LeaseLostError } from '../../../src/errors.js'
import type { Claim } from '../../../src/services/work/claim.js'
import type { Conclusion } from '../../../src/services/work/held-claims.js'
import { WorkService } from '../../../src/services/work/work-service.js'
import { openDatabase, type PooledDatabase } from '../../../src/store/database.js'
import { migrate } from '../../../src/store/migrate.js'
import { askForWork } from '../../../src/store/work/ask-for-work.js'
import { claimWork } from '../../../src/store/work/claim-work.js'
import { finishWork, releaseWork, renewWork } from '../../../src/store/work/held-work.js'
import type { Held, Holder } from '../../../src/store/work/work-row.js'
import { databaseKinds } from '../../support/databases.js'
import { captureLog } from '../../support/log-capture.js'

const LEASE_MS = 1000

interface Fleet {
  database: PooledDatabase
  pool: pg.Pool
  holder(name: string): Holder
  ask(key: string, lane?: string | null): Promise<number>
  claim(holder: Holder, most?: number, leaseMs?: number): Promise<(Held & { key: string })[]>
  replica(t: Test, name: string, carryOut: (claim: Claim) => Promise<Conclusion>, alone?: boolean): WorkService
}

async function eventually(condition: () => boolean | Promise<boolean>, ms = 10_000): Promise<void> {
  for (const giveUpAt = performance.now() + ms; !(await condition());) {
    if (performance.now() > giveUpAt) throw new Error('what was waited for did not come')
    await delay(20)
  }
}

for (const [kind, create] of databaseKinds)
  t.test(kind, async (t) => {
    const { poolConfig } = await create(t)
    const pool = new pg.Pool({ ...poolConfig, max: kind === 'pglite' ? 2 : 10 })
    pool.on('error', () => undefined)
    t.teardown(() => pool.end())
    await migrate(pool, { schema: 'model_sync' })
    const database = openDatabase(pool, 'model_sync')
    t.beforeEach(async () => void (await pool.query('DELETE FROM model_sync.work')))
    const fleet: Fleet = {
      database,
      pool,
      holder: (name) => ({ id: randomUUID(), name }),
      ask: async (key, lane = null) => {
        const work = { kind: 'job', key, lane, asked: { key }, mostWaiting: null, dueInMs: 0, claims: false }
        const row = await askForWork(database, work, {
          call: randomUUID(),
          holder: fleet.holder('asker'),
          leaseMs: LEASE_MS,
        })
        return row!.id
      },
      claim: async (holder, most = 1, leaseMs = LEASE_MS) => {
        const options = { kinds: new Map([['job', most]]), holder, leaseMs, except: [] }
        return (await claimWork(database, options)).claimed
      },
      replica: (t, name, carryOut, alone = false) => {
        const scheduler = new ToadScheduler()
        const replica = { ...fleet.holder(name), version: '1.2.3' }
        const { logger: log } = captureLog()
        const work = new WorkService({ database, replica, log, scheduler, leaseMs: LEASE_MS, alone })
        work.register('job', { most: 2, carryOut })
        work.start()
        t.teardown(async () => {
          await work.stop()
          scheduler.stop()
        })
        return work
      },
    }
    await testRows(t, fleet)
    await testFence(t, fleet)
    await testReplicas(t, fleet)
  })

async function testRows(t: Test, { database, pool, holder, ask, claim }: Fleet): Promise<void> {
  await t.test('whoever claims at the same moment, nobody gets the same', async (t) => {
    for (let at = 0; at < 60; at++) await ask(`job ${at}`)
    const claimed = await Promise.all(Array.from({ length: 12 }, (_, at) => claim(holder(`replica ${at}`), 5, 60_000)))
    const ids = claimed.flat().map(({ id }) => id)
    t.equal(new Set(ids).size, ids.length)
    t.ok(ids.length >= 30, `${ids.length} of 60 were claimed`)
  })

  await t.test('of a lane only the head may be claimed, also when several replicas try', async (t) => {
    const ids = [await ask('a', 'lane'), await ask('b', 'lane'), await ask('c', 'lane')]
    const other = await ask('d', 'another lane')
    const found = (
      await Promise.all(Array.from({ length: 6 }, () => claim(holder('one of six'), 10, 60_000).catch(() => [])))
    ).flat()
    t.same(found.map(({ id }) => id).sort(), [ids[0]!, other].sort())
    t.same(await finishWork(database, [found.find(({ id }) => id === ids[0])!]), [ids[0]])
    t.same(
      (await claim(holder('next'), 10, 60_000)).map(({ key }) => key),
      ['b'],
    )
  })

  await t.test('equal requests share a row until it ends or is cancelled', async (t) => {
    const first = await ask('same')
    t.equal(await ask('same'), first)
    const [held] = await claim(holder('one'))
    t.equal(await ask('same'), first, 'also while it runs')
    await pool.query('UPDATE model_sync.work SET cancel_asked = true')
    const second = await ask('same')
    t.not(second, first, 'not one that was cancelled')
    await finishWork(database, [held!])
    t.equal(await ask('same'), second)
  })

  await t.test('as many wait in a lane as may; one more is refused, an equal one is not', async (t) => {
    const asked = (key: string): ReturnType<typeof askForWork> =>
      askForWork(
        database,
        { kind: 'job', key, lane: 'full', asked: {}, mostWaiting: 2, dueInMs: 0, claims: false },
        { call: randomUUID(), holder: holder('asker'), leaseMs: LEASE_MS },
      )
    const first = await asked('1')
    await asked('2')
    t.equal(await asked('3'), null)
    t.equal((await asked('1'))?.id, first?.id)
  })

  await t.test('what is due later is claimed then, by the database’s clock', async (t) => {
    await askForWork(
      database,
      { kind: 'job', key: 'later', lane: null, asked: {}, mostWaiting: null, dueInMs: 60_000, claims: true },
      { call: randomUUID(), holder: holder('asker'), leaseMs: LEASE_MS },
    )
    t.same(await claim(holder('early')), [])
    // A process whose own clock is years ahead changes nothing about it.
    const { now } = Date
    Date.now = () => now() + 1e12
    t.teardown(() => (Date.now = now))
    t.same(await claim(holder('with a wrong clock')), [])
    await pool.query("UPDATE model_sync.work SET due_at = due_at - interval '1 minute'")
    t.equal((await claim(holder('in time'))).length, 1)
  })

  await t.test(
    'when a lease is over the work is another’s, with a greater token, and the old one moves nothing',
    async (t) => {
      await ask('job')
      const [old] = await claim(holder('old'), 1, 50)
      t.same(await claim(holder('new')), [], 'while the lease lasts')
      await delay(120)
      const options = { kinds: new Map([['job', 1]]), holder: holder('new'), leaseMs: LEASE_MS, except: [] }
      const { claimed } = await claimWork(database, options)
      t.match(claimed, [{ id: old!.id, token: old!.token + 1, takenFrom: 'old', beganBy: 'old', attempts: 2 }])
      t.same(await renewWork(database, [old!], LEASE_MS), [])
      t.same(await finishWork(database, [{ ...old!, outcome: 'stale' }]), [])
      t.same(await releaseWork(database, [old!], { holder: randomUUID() }), [])
      t.equal((await renewWork(database, claimed, LEASE_MS)).length, 1)
      t.same(await finishWork(database, [{ ...claimed[0]!, outcome: 'fresh' }]), [old!.id])
      t.match((await pool.query('SELECT outcome, state FROM model_sync.work')).rows, [
        { outcome: 'fresh', state: 'ended' },
      ])
    },
  )

  await t.test('what is released can be claimed at once, and counts as handed on', async (t) => {
    await ask('job')
    const first = await claim(holder('first'), 1, 60_000)
    await releaseWork(database, first, { holder: randomUUID() })
    t.match(await claim(holder('second')), [{ key: 'job', takenFrom: null, beganBy: 'first' }])
  })

  await t.test('what is due again keeps its token, so that an old holder is still told apart', async (t) => {
    await ask('tick')
    const [first] = await claim(holder('first'))
    await finishWork(database, [{ ...first!, nextDueAt: Date.now() - 1000 }])
    const [second] = await claim(holder('second'))
    t.ok(second!.token > first!.token)
    t.same(await finishWork(database, [first!]), [])
  })
}

async function testFence(t: Test, { database, pool, holder, ask, claim }: Fleet): Promise<void> {
  const fence = (held: Held): Held & { idleMs: number; entered(): void; left(): void } => ({
    ...held,
    idleMs: 60_000,
    entered: () => undefined,
    left: () => undefined,
  })
  const write = (held: Held, value: string): Promise<unknown> =>
    database
      .fenced(fence(held))
      .transaction((inside) =>
        inside.query(`INSERT INTO ${inside.schema}.providers (slug, name) VALUES ($1, 'written')`, [value]),
      )
  const written = async (): Promise<string[]> =>
    (await pool.query<{ slug: string }>("SELECT slug FROM model_sync.providers WHERE name = 'written'")).rows.map(
      ({ slug }) => slug,
    )

  await t.test('a transaction of an old token writes nothing, whatever it does', async (t) => {
    t.teardown(() => pool.query('DELETE FROM model_sync.providers'))
    await ask('job')
    const [old] = await claim(holder('old'), 1, 50)
    await write(old!, 'in time')
    await delay(120)
    const [now] = await claim(holder('new'))
    await t.rejects(write(old!, 'too late'), LeaseLostError)
    await write(now!, 'by the new holder')
    await finishWork(database, [now!])
    await t.rejects(write(now!, 'after the end'), LeaseLostError)
    t.same((await written()).sort(), ['by the new holder', 'in time'])
  })

  await t.test(
    'while such a transaction is open nobody takes the work over; renewing and cancelling are not kept waiting',
    { skip: pool.options.max === 2 ? 'one session' : false },
    async (t) => {
      t.teardown(() => pool.query('DELETE FROM model_sync.providers'))
      await ask('job')
      const [held] = await claim(holder('slow'), 1, 50)
      await database.fenced(fence(held!)).transaction(async (inside) => {
        await delay(150)
        t.same(await claim(holder('impatient')), [])
        t.equal((await renewWork(database, [held!], 50)).length, 1)
        await pool.query('UPDATE model_sync.work SET cancel_asked = true')
        await delay(100)
        await inside.query(`INSERT INTO ${inside.schema}.providers (slug, name) VALUES ('slow', 'written')`)
      })
      t.same(await written(), ['slow'])
      t.equal((await claim(holder('patient'))).length, 1)
    },
  )

  await t.test(
    'a transaction whose process stands still is ended by the server, so that another can go on',
    { skip: pool.options.max === 2 ? 'one session' : false },
    async (t) => {
      await ask('job')
      const [held] = await claim(holder('stopped'), 1, 50)
      const stopped = database.fenced({ ...fence(held!), idleMs: 200 }).transaction(async (inside) => {
        await delay(600)
        await inside.query(`INSERT INTO ${inside.schema}.providers (slug, name) VALUES ('stopped', 'written')`)
      })
      stopped.catch(() => undefined)
      await eventually(async () => (await claim(holder('next'))).length === 1, 3000)
      await t.rejects(stopped)
      t.same(await written(), [])
    },
  )
}

async function testReplicas(t: Test, { pool, replica, claim, ask, holder }: Fleet): Promise<void> {
  await t.test('who asks gets the outcome, wherever the work is done; equal calls share it', async (t) => {
    let done = 0
    const carryOut = async (claim: Claim): Promise<Conclusion> => {
      done += 1
      await delay(300)
      return { value: 'here', outcome: { by: claim.row.key } }
    }
    const one = replica(t, 'one', carryOut)
    const two = replica(t, 'two', carryOut)
    const first = await one.ask({ kind: 'job', key: 'shared', asked: null, lane: 'l' })
    const second = await two.ask({ kind: 'job', key: 'shared', asked: null, lane: 'l' })
    const third = await two.ask({ kind: 'job', key: 'another', asked: null, lane: 'l' })
    t.same(second, { id: first!.id, isNew: false, claimed: null })
    t.same(await one.waitFor(first!.id), { here: true, value: 'here' })
    t.same(await two.waitFor(second!.id), { here: false, outcome: { by: 'shared' }, cancelled: false })
    await two.waitFor(third!.id)
    t.equal(done, 2)
  })

  await t.test('a cancel reaches whoever is at work', async (t) => {
    const one = replica(t, 'one', async ({ signal }) => {
      await new Promise((resolve) => signal.addEventListener('abort', resolve))
      return { value: 'ended early', outcome: null, cancelled: true }
    })
    const two = replica(t, 'two', () => Promise.reject(new Error('never')))
    const asked = await one.ask({ kind: 'job', key: 'long', asked: null, lane: 'l' })
    const before = performance.now()
    t.same(await two.cancel('l'), [asked!.id])
    t.match(await two.waitFor(asked!.id), { here: false, cancelled: true })
    t.ok(performance.now() - before < 2000)
    t.same(await two.cancel('l'), [])
  })

  await t.test('when the last caller leaves, the work is cancelled; before that it goes on', async (t) => {
    const one = replica(t, 'one', async ({ signal }) => {
      await new Promise((resolve) => signal.addEventListener('abort', resolve))
      return { cancelled: true }
    })
    const { id } = (await one.ask({ kind: 'job', key: 'k', asked: null }))!
    await one.ask({ kind: 'job', key: 'k', asked: null })
    await one.leave(id)
    await delay(100)
    t.match((await pool.query('SELECT state FROM model_sync.work')).rows, [{ state: 'running' }])
    await one.leave(id)
    t.match(await one.waitFor(id), { here: true })
  })

  await t.test('a lease is renewed for as long as the work takes', async (t) => {
    const one = replica(t, 'one', async () => {
      await delay(2.5 * LEASE_MS)
      return { value: 'done' }
    })
    const { id } = (await one.ask({ kind: 'job', key: 'long', asked: null }))!
    const ended = one.waitFor(id)
    for (let at = 0; at < 8; at++) {
      await delay(250)
      t.same(await claim(holder('greedy')), [])
    }
    t.same(await ended, { here: true, value: 'done' })
  })

  await t.test('who finds its work in other hands is told so', async (t) => {
    let lost: unknown = null
    const one = replica(t, 'one', async ({ signal }) => {
      await new Promise((resolve) => signal.addEventListener('abort', resolve))
      lost = signal.reason
      return { outcome: 'stale' }
    })
    const { id } = (await one.ask({ kind: 'job', key: 'mine', asked: null, lane: 'l' }))!
    await pool.query("UPDATE model_sync.work SET token = token + 1, leased_until = now() + interval '1 hour'")
    await one.waitFor(id)
    t.type(lost, LeaseLostError)
    t.match((await pool.query('SELECT state, outcome FROM model_sync.work')).rows, [
      { state: 'running', outcome: null },
    ])
  })

  await t.test('who cannot reach the database for a lease gives its work up by itself', async (t) => {
    const scheduler = new ToadScheduler()
    const own = new pg.Pool({ ...pool.options, max: 2 })
    own.on('error', () => undefined)
    const work = new WorkService({
      database: openDatabase(own, 'model_sync'),
      replica: { ...holder('cut off'), version: '1' },
      log: captureLog().logger,
      scheduler,
      leaseMs: LEASE_MS,
      alone: false,
    })
    work.register('job', {
      most: 1,
      carryOut: async ({ signal }) => {
        await new Promise((resolve) => signal.addEventListener('abort', resolve))
        return { value: 'given up' }
      },
    })
    const { id } = (await work.ask({ kind: 'job', key: 'k', asked: null }))!
    const ended = work.waitFor(id)
    own.connect = () => Promise.reject(new Error('no route to the database'))
    const before = performance.now()
    t.same(await ended, { here: true, value: 'given up' })
    t.ok(performance.now() - before < 2 * LEASE_MS)
    await work.stop()
    scheduler.stop()
    await own.end()
  })

  await t.test('what a dead replica held is taken over within a lease and two seconds', async (t) => {
    await ask('orphan', 'l')
    await claim(holder('dead'), 1, LEASE_MS)
    const before = performance.now()
    let takenFrom: string | null = null
    replica(t, 'heir', async ({ row }) => {
      takenFrom = row.takenFrom
      return {}
    })
    await eventually(() => takenFrom !== null)
    t.equal(takenFrom, 'dead')
    t.ok(performance.now() - before < LEASE_MS + 2000)
  })

  await t.test(
    'a replica that closes hands its work on where there is another, and keeps it where there is none',
    async (t) => {
      const wait = async ({ signal }: Claim): Promise<Conclusion> => {
        await new Promise((resolve) => signal.addEventListener('abort', resolve))
        return { isRecorded: true }
      }
      await pool.query('DELETE FROM model_sync.replicas')
      const held: Claim[] = []
      const one = replica(t, 'one', (claim) => (held.push(claim), wait(claim)))
      await one.ask({ kind: 'job', key: 'k', asked: null })
      await eventually(() => held.length === 1)
      t.equal(await one.handOn(held[0]!), false)
      replica(t, 'two', (claim) => (held.push(claim), wait(claim)))
      await eventually(async () => (await one.replicas()).length === 2)
      t.same((await one.replicas()).map(({ name, holds }) => [name, holds.length]).sort(), [
        ['one', 1],
        ['two', 0],
      ])
      one.takeNoMore()
      t.equal(await one.handOn(held[0]!), true)
      await eventually(() => held.length === 2)
      t.match(held[1]!.row, { key: 'k', takenFrom: null, beganBy: 'one' })
      await one.stop()
      await eventually(async () => (await one.replicas()).length === 1)
    },
  )

  await t.test('the only process of an embedded database takes what its predecessor held at once', async (t) => {
    await ask('orphan')
    await claim(holder('predecessor'), 1, 3_600_000)
    const taken: string[] = []
    replica(t, 'successor', async ({ row }) => (taken.push(row.key), {}), true)
    await eventually(() => taken.length === 1, 2000)
    t.same(taken, ['orphan'])
  })

  t.test('idle, a replica sends at most thirty statements a minute', async (t) => {
    let statements = 0
    const counted = { connect: async () => ((statements += 1), pool.connect()) }
    const scheduler = new ToadScheduler()
    const work = new WorkService({
      database: openDatabase(counted, 'model_sync'),
      replica: { ...holder('idle'), version: '1' },
      log: captureLog().logger,
      scheduler,
      leaseMs: 30_000,
      alone: false,
    })
    work.register('job', { most: 1, carryOut: async () => ({}) })
    work.start()
    await delay(200)
    const first = statements
    await delay(6000)
    t.ok(statements - first <= 2, `${statements - first} in six seconds`)
    await work.stop()
    scheduler.stop()
  })
}
