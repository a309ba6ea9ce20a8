/** ChangelogService: what changed in the catalogue. */
import { listChanges, type ChangeFilter, type ChangeRecord } from '../store/change-query.js'
import { openDatabase, type Database, type DatabasePool } from '../store/database.js'
import { cut, DEFAULT_LIMIT, readCursor, writeCursor, wrongCursor, type PageQuery } from './page-cursor.js'

export type ChangesQuery = ChangeFilter & PageQuery

export interface ChangesPage {
  changes: ChangeRecord[]
  nextCursor: string | null
}

export class ChangelogService {
  private readonly database: Database

  constructor({ pool, schema }: { pool: DatabasePool; schema: string }) {
    this.database = openDatabase(pool, schema)
  }

  /** Newest first. @throws CursorError */
  async changes({ limit = DEFAULT_LIMIT, cursor, ...filter }: ChangesQuery): Promise<ChangesPage> {
    const position = cursor === undefined ? null : readCursor(cursor)
    if (position !== null && (position.length !== 1 || !Number.isSafeInteger(position[0]))) throw wrongCursor()
    const changes = await listChanges(this.database, {
      filter,
      limit: limit + 1,
      after: position === null ? null : Number(position[0]),
    })
    const { page, last } = cut(changes, limit)
    return { changes: page, nextCursor: last === undefined ? null : writeCursor([last.id]) }
  }
}
