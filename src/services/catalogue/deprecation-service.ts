/** DeprecationService: which models end soon. */
import { addDays, daysUntil } from '../../core/model/deprecation.js'
import { checkMembers, type KnownMembers } from '../../core/input/known-members.js'
import { openDatabase, type DatabasePool } from '../../store/database.js'
import { listDeprecations, type Deprecation } from '../../store/models/read-deprecations.js'
import type { KnownProviders } from '../known-providers.js'
import { cut, DEFAULT_LIMIT, readCursor, writeCursor, wrongCursor } from '../page-cursor.js'
import type { PageQuery } from '../../core/schema/page.js'

export interface DeprecationsQuery extends PageQuery {
  /** Days as `30d`: those that end within them. */
  within?: string | undefined
  provider?: string | undefined
}

export interface DeprecationsPage {
  /** `daysLeft` is 0 on the day itself, and negative for a model that is served beyond it. */
  deprecations: (Deprecation & { daysLeft: number })[]
  nextCursor: string | null
}

const DEPRECATIONS_QUERY: KnownMembers<DeprecationsQuery> = { within: true, provider: true, limit: true, cursor: true }

export class DeprecationService {
  constructor(
    private readonly options: { pool: DatabasePool; schema: string; known?: KnownProviders; now(): number },
  ) {}

  /** The soonest first. @throws UnknownProviderError; CursorError when the cursor is not one of this list */
  async list(query: DeprecationsQuery = {}): Promise<DeprecationsPage> {
    checkMembers('deprecations.list', query, DEPRECATIONS_QUERY)
    await this.options.known?.check(query.provider)
    const { within, provider, limit = DEFAULT_LIMIT, cursor } = query
    const today = new Date(this.options.now()).toISOString().slice(0, 10)
    const database = openDatabase(this.options.pool, this.options.schema)
    const rows = await listDeprecations(database, {
      filter: {
        provider,
        until: within === undefined ? undefined : addDays(today, Number.parseInt(within)),
      },
      limit: limit + 1,
      after: cursor === undefined ? null : readPosition(cursor),
    })
    const { page, last } = cut(rows, limit)
    return {
      deprecations: page.map(({ rowId: _, ...row }) => ({ ...row, daysLeft: daysUntil(row.deprecationDate, today) })),
      nextCursor: last === undefined ? null : writeCursor([last.deprecationDate, last.rowId]),
    }
  }
}

function readPosition(cursor: string): { date: string; rowId: number } {
  const [date, rowId] = readCursor(cursor)
  if (typeof date !== 'string' || !/^\d{4}-\d\d-\d\d$/.test(date) || !Number.isSafeInteger(rowId)) throw wrongCursor()
  if (Number.isNaN(Date.parse(date))) throw wrongCursor()
  return { date, rowId: Number(rowId) }
}
