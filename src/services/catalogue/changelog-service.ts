/** ChangelogService: what changed in the catalogue. */
import { meant } from '../../core/input/schema-expectation.js'
import { CHANGED_FIELDS } from '../../core/model/changed-fields.js'
import {
  CHANGE_KINDS,
  ChangesQuerySchema,
  type ChangesPage,
  type ChangesQuery,
} from '../../core/records/change-record.js'
import { checkMembers } from '../../core/input/known-members.js'
import { ValidationError } from '../../errors.js'
import { listChanges } from '../../store/changes/read-changes.js'
import type { Database } from '../../store/database.js'
import { readCatalogueId } from '../../store/revision.js'
import { writeChangeFeed, type FeedInput } from './atom-feed.js'
import type { KnownProviders } from '../known-providers.js'
import { cut, DEFAULT_LIMIT, readCursor, writeCursor, wrongCursor } from '../page-cursor.js'

/** Absolute: where the routes are mounted, and this feed with its query. */
export type FeedUrls = Pick<FeedInput, 'baseUrl' | 'selfUrl'>

const { cursor: _, ...FEED_QUERY } = ChangesQuerySchema.properties

export class ChangelogService {
  /** @param options.known default: a filter by any provider is answered */
  constructor(private readonly options: { database: Database; known?: KnownProviders }) {}

  /** The newest changes as an Atom feed (XML). */
  async feed(query: Omit<ChangesQuery, 'cursor'>, urls: FeedUrls): Promise<string> {
    checkMembers('changelog.feed', query, FEED_QUERY)
    await this.check(query)
    const { limit = DEFAULT_LIMIT, ...filter } = query
    const [changes, catalogueId] = await Promise.all([
      listChanges(this.options.database, { filter, limit, after: null }),
      readCatalogueId(this.options.database),
    ])
    return writeChangeFeed({ changes, catalogueId, ...urls })
  }

  /** Newest first. @throws CursorError; UnknownProviderError; ValidationError for a filter that no change can pass */
  async changes(query: ChangesQuery = {}): Promise<ChangesPage> {
    checkMembers('changelog.changes', query, ChangesQuerySchema.properties)
    await this.check(query)
    const { limit = DEFAULT_LIMIT, cursor, ...filter } = query
    const position = cursor === undefined ? null : readCursor(cursor)
    if (
      position !== null &&
      (position.length !== 2 || Number.isNaN(Date.parse(String(position[0]))) || !Number.isSafeInteger(position[1]))
    )
      throw wrongCursor()
    const changes = await listChanges(this.options.database, {
      filter,
      limit: limit + 1,
      after: position === null ? null : { at: String(position[0]), id: Number(position[1]) },
    })
    const { page, last } = cut(changes, limit)
    return { changes: page, nextCursor: last === undefined ? null : writeCursor([last.at, last.id]) }
  }

  private async check({ provider, model, kind, field }: ChangesQuery): Promise<void> {
    checkWord('kind', kind, CHANGE_KINDS)
    checkWord('field', field, CHANGED_FIELDS)
    await this.options.known?.check(provider)
    await this.options.known?.checkId('model', model)
  }
}

/** @throws ValidationError */
function checkWord(name: string, word: string | undefined, known: readonly string[]): void {
  if (word === undefined || known.includes(word)) return
  throw new ValidationError(
    `${name} is ${JSON.stringify(word.slice(0, 60))}: expected one of ${known.join(', ')}${meant(word, known)}`,
  )
}
