/** Runs: every execution of a sync is on record, also one that failed or changed nothing. */
import { Conditions } from './conditions.js'
import { isoTime, type Database } from './database.js'

export interface RunRow {
  runId: string
  /** With whose keys: the user's own, which nobody else is shown, or the backend's. */
  keys: 'own' | 'backend'
  trigger: string
  userId: string | null
  /** ISO 8601. */
  startedAt: string
  /** `null`: in progress. */
  finishedAt: string | null
  durationMs: number | null
  success: boolean | null
  /** What it was asked to do: `forceUpdate`, `markUnavailable`, `planHash`, … */
  options: Record<string, unknown>
  /** Slugs of the providers that were asked for; `null`: not recorded, as the next two. */
  providers: string[] | null
  /** Of this package. */
  appVersion: string | null
  /** Which process ran it: host name and process id, or what its operator calls it. */
  replica: string | null
  /** Sums over the providers, which run side by side, ms; `null`: in progress. */
  phases: { fetchMs: number; applyMs: number } | null
  /** The result object; `null`: in progress. */
  result: Record<string, unknown> | null
  /** Runs of one hour and trigger that changed nothing, in one row, which is otherwise that of the last of them; `null`: one run. */
  folded: { runs: number; firstStartedAt: string } | null
}

export interface RunFilter {
  trigger?: string | undefined
  /** Slug: runs that asked for it. */
  provider?: string | undefined
  user?: string | undefined
  success?: boolean | undefined
}

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
  result,
  CASE WHEN runs > 1 THEN json_build_object('runs', runs, 'firstStartedAt', ${isoTime('first_started_at')}) END AS folded`

// Of both tables, and no others: the second may get some of its own.
const STORED =
  'id, trigger, user_id, started_at, finished_at, duration_ms, success, options, providers, app_version, replica, result, runs, first_started_at'

/** The FROM of a read of runs. @param viewer where the user's id stands among the values, whose own runs count too; `null`: only the backend's */
function runsFor({ schema }: Database, viewer: string | null): string {
  const backends = `SELECT ${STORED}, 'backend' AS keys FROM ${schema}.sync_runs`
  const own = `SELECT ${STORED}, 'own' AS keys FROM ${schema}.user_runs WHERE user_id = ${viewer}::text`
  return `FROM (${viewer === null ? backends : `${backends} UNION ALL ${own}`}) AS runs`
}

export async function insertRun(database: Database, run: StartedRun, table: RunsTable = 'sync_runs'): Promise<void> {
  await database.query(
    `INSERT INTO ${database.schema}.${table} (
      id, trigger, user_id, options, providers, started_at, app_version, replica, deadline
    )
    VALUES ($1, $2, $3, $4, $5, $6, $7, $8, now() + $9 * interval '1 millisecond')`,
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
    ],
  )
}

/**
 * Returns the catalogue's revision, which the stored result carries too.
 * @param run.changed `null`: when the changelog has rows of it
 */
export async function finishRun(
  database: Database,
  run: {
    id: string
    finishedAt: string
    durationMs: number
    success: boolean
    changed: boolean | null
    result: object
  },
  table: RunsTable = 'sync_runs',
): Promise<number> {
  const { rows } = await database.query<{ revision: number }>(
    `UPDATE ${database.schema}.${table} AS r
    SET finished_at = $2,
      duration_ms = $3,
      success = $4,
      changed = COALESCE($6::boolean, EXISTS (SELECT FROM ${database.schema}.model_changes AS h WHERE h.run_id = r.id)),
      result = jsonb_set($5::jsonb, '{revision}', to_jsonb(c.revision))
    FROM ${database.schema}.catalogue AS c
    WHERE r.id = $1
    RETURNING c.revision::float8 AS revision`,
    [run.id, run.finishedAt, run.durationMs, run.success, JSON.stringify(run.result), run.changed],
  )
  const [row] = rows
  if (row === undefined) throw new Error(`run ${run.id} is not on record any more`)
  return row.revision
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
): Promise<RunRow[]> {
  const where = new Conditions()
    // Hidden from the planner, which would look for a trigger that most runs have among the newest of all.
    .add((name) => `trigger = (SELECT ${name}::text)`, filter.trigger)
    .add((slug) => `providers @> ARRAY[${slug}::text]`, filter.provider)
    .add((id) => `user_id = ${id}`, filter.user)
    .add((at, id) => `(started_at, id) < (${at}::timestamptz, ${id}::uuid)`, after?.startedAt, after?.runId)
  // Spelled out, so that the index of the failed ones is seen.
  if (filter.success !== undefined) where.add(() => (filter.success ? 'success' : 'NOT success'))
  const { rows } = await database.query<Omit<RunRow, 'phases'>>(
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
export async function readRun(database: Database, id: string, viewer: string | null = null): Promise<RunRow | null> {
  const { rows } = await database.query<Omit<RunRow, 'phases'>>(
    `SELECT ${COLUMNS}
    ${runsFor(database, viewer === null ? null : '$2')}
    WHERE id = $1`,
    [id, ...(viewer === null ? [] : [viewer])],
  )
  return rows[0] === undefined ? null : withPhases(rows[0])
}

/** The last finished run, and the last that succeeded. */
export async function readLastRuns(database: Database): Promise<{ last: RunRow | null; lastSuccess: RunRow | null }> {
  const select = (condition: string): string => `(
    SELECT ${COLUMNS}
    ${runsFor(database, null)}
    WHERE ${condition}
    ORDER BY started_at DESC, id DESC
    LIMIT 1
  )`
  const { rows } = await database.query<Omit<RunRow, 'phases'> & { which: string }>(
    `SELECT 'last' AS which, l.* FROM ${select('finished_at IS NOT NULL')} AS l
    UNION ALL
    SELECT 'success', s.* FROM ${select('success')} AS s`,
  )
  const find = (which: string): RunRow | null => {
    const row = rows.find((candidate) => candidate.which === which)
    if (row === undefined) return null
    const { which: _, ...run } = row
    return withPhases(run)
  }
  return { last: find('last'), lastSuccess: find('success') }
}

function withPhases({ result, ...run }: Omit<RunRow, 'phases'>): RunRow {
  if (result === null) return { ...run, phases: null, result }
  const providers = (result['providers'] ?? []) as { fetchMs?: number; applyMs?: number }[]
  const sum = (phase: 'fetchMs' | 'applyMs'): number =>
    providers.reduce((total, provider) => total + (provider[phase] ?? 0), 0)
  return { ...run, phases: { fetchMs: sum('fetchMs'), applyMs: sum('applyMs') }, result }
}
