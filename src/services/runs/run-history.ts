/** RunHistory: the runs that there were. */
import { checkMembers } from '../../core/input/known-members.js'
import { NotFoundError } from '../../errors.js'
import type { Database } from '../../store/database.js'
import { readRun, readRuns } from '../../store/runs/run-rows.js'
import { RunsQuerySchema, type RunRecord, type RunsPage, type RunsQuery } from '../../core/records/run-record.js'
import type { KnownProviders } from '../known-providers.js'
import { cut, DEFAULT_LIMIT, readCursor, writeCursor, wrongCursor } from '../page-cursor.js'

/** @see RunHistory.list */
interface Viewed {
  /** Who asks, and sees beside the backend's runs those with the own keys; `null` or unset: nobody in particular. */
  viewer?: string | null | undefined
}

const RUNS_QUERY = { ...RunsQuerySchema.properties, viewer: true }
const UUID = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i

export class RunHistory {
  /** @param options.known default: a filter by any provider is answered */
  constructor(private readonly options: { database: Database; known?: KnownProviders }) {}

  /** Newest first. @throws CursorError; UnknownProviderError */
  async list(query: RunsQuery & Viewed = {}): Promise<RunsPage> {
    checkMembers('runs.list', query, RUNS_QUERY)
    await this.options.known?.check(query.provider)
    const { limit = DEFAULT_LIMIT, cursor, viewer = null, ...filter } = query
    const position = cursor === undefined ? null : readCursor(cursor)
    if (position !== null && (Number.isNaN(Date.parse(String(position[0]))) || !UUID.test(String(position[1]))))
      throw wrongCursor()
    const after = position === null ? null : { startedAt: String(position[0]), runId: String(position[1]) }
    const runs = await readRuns(this.options.database, { filter, viewer, limit: limit + 1, after })
    const { page, last } = cut(runs, limit)
    return { runs: page, nextCursor: last === undefined ? null : writeCursor([last.startedAt, last.runId]) }
  }

  /** @throws NotFoundError */
  async get(id: string, viewer: string | null = null): Promise<RunRecord> {
    const run = UUID.test(id) ? await readRun(this.options.database, id, viewer) : null
    if (run === null) throw new NotFoundError(`there is no run "${id}"; GET /models/sync/history lists them`)
    return run
  }
}
