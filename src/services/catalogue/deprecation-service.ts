/** DeprecationService: which models end soon. */
import {
  DeprecationsQuerySchema,
  type DeprecationsPage,
  type DeprecationsQuery,
} from '../../core/records/deprecation-record.js'
import { addDays, daysUntil } from '../../core/model/deprecation.js'
import { checkMembers } from '../../core/input/known-members.js'
import type { Database } from '../../store/database.js'
import { listDeprecations } from '../../store/models/read-deprecations.js'
import type { KnownProviders } from '../known-providers.js'
import { cut, DEFAULT_LIMIT, readCursor, writeCursor, wrongCursor } from '../page-cursor.js'

export class DeprecationService {
  constructor(private readonly options: { database: Database; known?: KnownProviders; now(): number }) {}

  /** The soonest first. @throws UnknownProviderError; CursorError when the cursor is not one of this list */
  async list(query: DeprecationsQuery = {}): Promise<DeprecationsPage> {
    checkMembers('deprecations.list', query, DeprecationsQuerySchema.properties)
    await this.options.known?.check(query.provider)
    const { within, provider, limit = DEFAULT_LIMIT, cursor } = query
    const today = new Date(this.options.now()).toISOString().slice(0, 10)
    const rows = await listDeprecations(this.options.database, {
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
