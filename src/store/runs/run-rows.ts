/** Runs: every execution of a sync is on record, also one that failed or changed nothing. */
import type { RunRecord, RunsQuery } from '../../core/records/run-record.js'
import type { PageQuery } from '../../core/schema/page.js'
import { Conditions } from '../where-clause.js'
import { isoTime, type Database } from '../database.js'
import { checkHeld, leaseLost, whileHeld, type Fence } from '../work/fence.js'
import type { Held } from '../work/work-row.js'

export type RunFilter = Omit<RunsQuery, keyof PageQuery>

export interface StartedRun {
  id: string
  trigger: string
  userId: string | null
  options: object
  /** Slugs. */
  providers: readonly string[]
  /** ISO 8601. */
  startedAt: string
  appVersion: string | null
  replica: string | null
  /** How long it may take, ms: one that has no end after that has died with its process. */
  maxMs: number
  /** Name of the process that began it; `null`: this one. */
  takenOver: string | null
}

/** The backend's runs, and those with keys of users. */
export type RunsTable = 'sync_runs' | 'user_runs'

const COLUMNS = `
  id AS "runId",
  keys,
  trigger,
  user_id AS "userId",
  ${isoTime('started_at')} AS "startedAt",
  ${isoTime('finished_at')} AS "finishedAt",
  duration_ms AS "durationMs",
  success,
  options,
  providers,
  app_version AS "appVersion",
  replica,
  taken_over AS "takenOver",
  result,
  CASE WHEN runs > 1 THEN json_build_object('runs', runs, 'firstStartedAt', ${isoTime('first_started_at')}) END AS folded`

// Of both tables, and no others: the second may get some of its own.
const STORED =
  'id, trigger, user_id, started_at, finished_at, duration_ms, success, options, providers, app_version, replica, taken_over, result, runs, first_started_at'

/** The FROM of a read of runs. @param viewer where the user's id stands among the values, whose own runs count too; `null`: only the backend's */
function runsFor({ schema }: Database, viewer: string | null): string {
  const backends = `SELECT ${STORED}, 'backend' AS keys FROM ${schema}.sync_runs`
  const own = `SELECT ${STORED}, 'own' AS keys FROM ${schema}.user_runs WHERE user_id = ${viewer}::text`
  return `FROM (${viewer === null ? backends : `${backends} UNION ALL ${own}`}) AS runs`
}

/** Of a run that is taken over the row is there. @throws LeaseLostError */
export async function insertRun(database: Database, run: StartedRun, table: RunsTable = 'sync_runs'): Promise<void> {
  const { rowCount } = await database.query(
    `INSERT INTO ${database.schema}.${table} (
      id, trigger, user_id, options, providers, started_at, app_version, replica, deadline, taken_over
    )
    SELECT $1, $2, $3, $4, $5, $6, $7, $8, now() + $9 * interval '1 millisecond', $10
    WHERE true${whileHeld(database)}
    ON CONFLICT (id) DO UPDATE
    SET app_version = EXCLUDED.app_version,
      replica = EXCLUDED.replica,
      deadline = EXCLUDED.deadline,
      taken_over = EXCLUDED.taken_over`,
    [
      run.id,
      run.trigger,
      run.userId,
      JSON.stringify(run.options),
      run.providers,
      run.startedAt,
      run.appVersion,
      run.replica,
      run.maxMs,
      run.takenOver,
    ],
  )
  if (rowCount === 0) await checkHeld(database)
}

/**
 * Returns the catalogue's revision, which the stored result carries too. The same statement ends the work that `database` is fenced by, for whoever
 * waits for it.
 * @param run.changed `null`: when the changelog has rows of it
 * @throws LeaseLostError
 */
export async function finishRun(
  database: Database,
  run: {
    id: string
    finishedAt: string
    durationMs: number
    success: boolean
    changed: boolean | null
    /** Somebody has ended it early. */
    cancelled?: boolean
    /** The claim by which it was carried out, when that has ended: whoever has taken the run over has the last word. */
    carriedOutAs?: Held | null
    result: object
  },
  table: RunsTable = 'sync_runs',
): Promise<number> {
  const { fence = null } = database
  const { rows } = await database.query<{ revision: number }>(
    `${fence === null ? '' : endOfWork(database, fence, run.cancelled === true)}UPDATE ${database.schema}.${table} AS r
    SET finished_at = $2,
      duration_ms = $3,
      success = $4,
      changed = COALESCE($6::boolean, EXISTS (SELECT FROM ${database.schema}.model_changes AS h WHERE h.run_id = r.id)),
      result = jsonb_set($5::jsonb, '{revision}', to_jsonb(c.revision))
    FROM ${database.schema}.catalogue AS c
    WHERE r.id = $1${fence === null ? '' : ' AND EXISTS (SELECT FROM ended)'}${unlessTakenOver(database, run.carriedOutAs)}
    RETURNING c.revision::float8 AS revision`,
    [run.id, run.finishedAt, run.durationMs, run.success, JSON.stringify(run.result), run.changed],
  )
  const [row] = rows
  if (row !== undefined) return row.revision
  await checkHeld(database)
  if (run.carriedOutAs != null) throw leaseLost()
  throw new Error(`run ${run.id} is not on record any more`)
}

function unlessTakenOver({ schema }: Database, claim: Held | null = null): string {
  if (claim === null) return ''
  return ` AND NOT EXISTS (SELECT FROM ${schema}.work AS w WHERE w.id = ${BigInt(claim.id)} AND w.token <> ${BigInt(claim.token)})`
}

/** The result stands at $5, as it is stored. */
function endOfWork({ schema }: Database, fence: Fence, cancelled: boolean): string {
  return `WITH ended AS (
      UPDATE ${schema}.work AS w
      SET state = 'ended',
        ended_at = ${schema}.model_sync_now(),
        leased_until = NULL,
        progress = NULL,
        cancel_asked = ${cancelled},
        outcome = jsonb_build_object('result', jsonb_set($5::jsonb, '{revision}', to_jsonb(c.revision)))
      FROM ${schema}.catalogue AS c
      WHERE w.id = ${BigInt(fence.id)} AND w.token = ${BigInt(fence.token)} AND w.state = 'running'
      RETURNING w.id
    )
    `
}

/**
 * Runs newest first, from the one behind `after` on.
 * @param viewer who sees beside the backend's runs those with the own keys; `null`: nobody in particular
 */
export async function readRuns(
  database: Database,
  {
    filter = {},
    viewer = null,
    limit,
    after,
  }: {
    filter?: RunFilter
    viewer?: string | null
    limit: number
    after?: { startedAt: string; runId: string } | null
  },
): Promise<RunRecord[]> {
  const where = new Conditions()
    // Hidden from the planner, which would look for a trigger that most runs have among the newest of all.
    .add((name) => `trigger = (SELECT ${name}::text)`, filter.trigger)
    .add((slug) => `providers @> ARRAY[${slug}::text]`, filter.provider)
    .add((id) => `user_id = ${id}`, filter.user)
    .add((at, id) => `(started_at, id) < (${at}::timestamptz, ${id}::uuid)`, after?.startedAt, after?.runId)
  // Spelled out, so that the index of the failed ones is seen.
  if (filter.success !== undefined) where.add(() => (filter.success ? 'success' : 'NOT success'))
  const { rows } = await database.query<Omit<RunRecord, 'phases'>>(
    `SELECT ${COLUMNS}
    ${runsFor(database, viewer === null ? null : where.place(viewer))}
    ${where}
    ORDER BY started_at DESC, id DESC
    LIMIT ${where.place(limit)}`,
    where.values,
  )
  return rows.map(withPhases)
}

/** @param viewer who may also read a run with the own keys */
export async function readRun(database: Database, id: string, viewer: string | null = null): Promise<RunRecord | null> {
  const { rows } = await database.query<Omit<RunRecord, 'phases'>>(
    `SELECT ${COLUMNS}
    ${runsFor(database, viewer === null ? null : '$2')}
    WHERE id = $1`,
    [id, ...(viewer === null ? [] : [viewer])],
  )
  return rows[0] === undefined ? null : withPhases(rows[0])
}

/** The last syncs, each `null` when there was none. An undo is no sync. */
export interface LastRuns {
  /** The last that ended. */
  last: RunRecord | null
  /** The last that succeeded, of whatever providers. */
  lastSuccess: RunRecord | null
  /** When the last started that succeeded and was asked for one of the scheduled providers, ISO 8601. */
  scheduledSuccessAt: string | null
  /** When the last undo started that changed something, ISO 8601. */
  undoneAt: string | null
}

/**
 * @param scheduled slugs
 * @param owner whose runs with own keys; `null`: the backend's
 */
export async function readLastRuns(
  database: Database,
  scheduled: readonly string[],
  owner: string | null = null,
): Promise<LastRuns> {
  const table = owner === null ? 'sync_runs' : 'user_runs'
  const from = `FROM ${database.schema}.${table} WHERE ${owner === null ? '$2::text IS NULL' : 'user_id = $2'}`
  const newest = 'ORDER BY started_at DESC, id DESC LIMIT 1'
  const keys = owner === null ? 'backend' : 'own'
  const run = (condition: string): string =>
    `(SELECT * FROM (SELECT ${STORED}, '${keys}' AS keys ${from} AND trigger <> 'undo' AND ${condition} ${newest}) AS r)`
  const time = (condition: string): string => `(SELECT ${isoTime('started_at')} ${from} AND ${condition} ${newest})`
  const { rows } = await database.query<
    Omit<RunRecord, 'phases'> & { which: string } & Pick<LastRuns, 'scheduledSuccessAt' | 'undoneAt'>
  >(
    `SELECT which, times.*, ${COLUMNS}
    FROM (
      SELECT
        ${time(`trigger <> 'undo' AND success AND (providers IS NULL OR providers && $1::text[])`)} AS "scheduledSuccessAt",
        ${time(`trigger = 'undo' AND changed`)} AS "undoneAt"
    ) AS times
    LEFT JOIN (
      SELECT 'last' AS which, l.* FROM ${run('finished_at IS NOT NULL')} AS l
      UNION ALL
      SELECT 'success', s.* FROM ${run('success')} AS s
    ) AS found ON true`,
    [scheduled, owner],
  )
  const find = (wanted: string): RunRecord | null => {
    const row = rows.find(({ which }) => which === wanted)
    if (row === undefined) return null
    const { which: _, scheduledSuccessAt: __, undoneAt: ___, ...found } = row
    return withPhases(found)
  }
  const { scheduledSuccessAt = null, undoneAt = null } = rows[0] ?? {}
  return { last: find('last'), lastSuccess: find('success'), scheduledSuccessAt, undoneAt }
}

function withPhases({ result, ...run }: Omit<RunRecord, 'phases'>): RunRecord {
  if (result === null) return { ...run, phases: null, result }
  const providers = (result['providers'] ?? []) as { fetchMs?: number; applyMs?: number }[]
  const sum = (phase: 'fetchMs' | 'applyMs'): number =>
    providers.reduce((total, provider) => total + (provider[phase] ?? 0), 0)
  return { ...run, phases: { fetchMs: sum('fetchMs'), applyMs: sum('applyMs') }, result }
}
