/** CatalogueService: every read of the catalogue. */
import { hash } from 'node:crypto'
import type { Inconsistency } from '../../core/records/inconsistency.js'
import { discrepanciesOf, type DiscrepanciesPage } from '../../core/prices/discrepancy.js'
import { checkMembers } from '../../core/input/known-members.js'
import { MODE_CHOICES } from '../../core/model/model.js'
import { meant } from '../../core/input/schema-expectation.js'
import { MOST_SEARCH_WORDS, searchWords } from '../../core/model/search-words.js'
import { CursorError, NotFoundError, ValidationError } from '../../errors.js'
import { listChanges } from '../../store/changes/read-changes.js'
import type { Database } from '../../store/database.js'
import { readEntries } from '../../store/models/upstream-entries.js'
import { SORT_KEYS, type SortKey } from '../../core/model/sort-keys.js'
import { listModels, type ModelPosition } from '../../store/models/read-page.js'
import { readModel, type ModelFilter } from '../../store/models/read-models.js'
import {
  ModelsQuerySchema,
  type ModelRecord,
  type ModelsPage,
  type ModelsQuery,
  type ModelStats,
} from '../../core/model/model-record.js'
import type { ModelDetail } from '../../core/records/model-detail.js'
import { findInconsistencies } from '../../store/models/find-inconsistencies.js'
import { readModelStats } from '../../store/models/read-stats.js'
import { readRevision } from '../../store/revision.js'
import { readPriorities } from '../../store/providers/provider-rows.js'
import { readUserRevision } from '../../store/user-keys/user-providers.js'
import { howManyFit } from '../answer-size.js'
import { cheapestFirst } from './cheapest-first.js'
import type { KnownProviders } from '../known-providers.js'
import { ModelFiller } from './fill-models.js'
import type { DoubtedModel } from './find-doubted.js'
import { findOwnDoubted } from './find-own-doubted.js'
import { ModelTotals } from './model-totals.js'
import { cut, DEFAULT_LIMIT, pageOf, readCursor, writeCursor, wrongCursor } from '../page-cursor.js'
import type { PageQuery } from '../../core/schema/page.js'
import { orderProviders } from '../provider-order.js'
import { Remembered } from './remembered.js'

export interface OfferedQuery extends Pick<ModelFilter, 'eitherId' | 'viewer' | 'provider'> {
  teams?: readonly string[] | undefined
}

export type ViewedModels = ModelsQuery & Pick<ModelFilter, 'viewer'>

/** A model with the place of its provider: of several with one id, the lowest comes first. */
export interface RankedModel {
  model: ModelRecord
  rank: number
}

const MODELS_QUERY = { ...ModelsQuerySchema.properties, viewer: true }
const WAYS_OUT: Record<string, string> = {
  'unknown-provider': 'no source syncs this provider any more: hide its models, or add its source again',
  'ambiguous-alias':
    'several available models claim this alias, so that it leads to none: pin the aliases of all but one',
  'absurd-price': 'a token costs a cent or more: check the unit upstream, and pin the right price',
  'orphaned-pin': 'upstream says nothing of this field any more: keep the pin knowingly, or unpin the field',
  'past-deprecation':
    'upstream’s own date is past: the next complete sync marks the model unavailable; undo that run to keep the model',
}
/** Marks the cursor of the offers of one model, cheapest first. */
const CHEAPEST = 'cheapest'
const CHANGES_OF_A_MODEL = 20
/** Models that are read at once where all are. */
const PAGE = 1000

export class CatalogueService {
  private readonly filler: ModelFiller
  private readonly totals: ModelTotals
  private readonly found = new Remembered<DoubtedModel[]>()
  private readonly inconsistent = new Remembered<Omit<Inconsistency, 'wayOut'>[]>()

  constructor(
    private readonly options: {
      database: Database
      /** Default: one without a price book. */
      filler?: ModelFiller
      /** Slugs, as in the options: the first of those that offer a model comes first. */
      providers: readonly string[]
      /** Default: a filter by any provider is answered. */
      known?: KnownProviders
      now(): number
    },
  ) {
    this.totals = new ModelTotals(this.options.database)
    this.filler = options.filler ?? new ModelFiller({ database: this.options.database, priceBooks: null })
  }

  revision(): Promise<number> {
    return readRevision(this.options.database)
  }

  /**
   * What this viewer's reads return is the same as long as this is: the revision, the version of the price book where there is one, and of what the
   * viewer's own keys add.
   */
  async version(viewer: string | null): Promise<string> {
    const parts = await Promise.all([this.revision(), this.filler.bookVersion(), this.ownVersion(viewer)])
    return parts.filter((part) => part !== null).join('-')
  }

  /** @see ModelFiller.bookVersion */
  bookVersion(): Promise<string | null> {
    return this.filler.bookVersion()
  }

  /** Of what the viewer's own keys add, no two viewers' alike; `null`: they add nothing. */
  async ownVersion(viewer: string | null): Promise<string | null> {
    if (viewer === null) return null
    const own = await readUserRevision(this.options.database, viewer)
    return own === 0 ? null : `${own}-${hash('sha256', viewer, 'hex').slice(0, 16)}`
  }

  stats(): Promise<ModelStats> {
    return readModelStats(this.options.database)
  }

  /**
   * The available models that nobody has hidden, filled like every read; by the order of their providers, then by id.
   * @param query.eitherId only those that have this id, publicly or with their provider
   * @param query.provider only this provider's
   * @param query.teams teams and access groups of who asks, whose restricted models are offered too
   */
  async offered(query: OfferedQuery = {}): Promise<ModelRecord[]> {
    checkMembers('catalogue.offered', query, { eitherId: true, viewer: true, provider: true, teams: true })
    const found: RankedModel[] = []
    for await (const page of this.offeredPages(query)) found.push(...page)
    return found.sort((a, b) => a.rank - b.rank).map(({ model }) => model)
  }

  /** As {@link offered}, a page at a time and by id, since all of a large catalogue take hundreds of megabytes. */
  async *offeredPages({ teams = [], ...query }: OfferedQuery): AsyncGenerator<RankedModel[], void> {
    const filter: ModelFilter = { ...query, availability: 'available', hidden: false, callableBy: teams }
    const [book, priorities] = await Promise.all([this.filler.prepare(), readPriorities(this.options.database)])
    const ranks = new Map(orderProviders(priorities, this.options.providers).map((slug, index) => [slug, index]))
    const rank = ({ provider }: ModelRecord): number => ranks.get(provider) ?? ranks.size
    for (let after: ModelPosition | null = null; ;) {
      const page = await listModels(this.options.database, {
        filter,
        sort: 'id',
        descending: false,
        limit: PAGE,
        after,
      })
      yield this.filler.fill(page.models, book).map((model) => ({ model, rank: rank(model) }))
      if (page.last === null) return
      after = page.last
    }
  }

  /**
   * Prices, limits and ends in which price books say something else of the same seller, each with the likely cause.
   * @throws CursorError when the cursor is not one of this list
   */
  async discrepancies({ limit, cursor }: PageQuery = {}): Promise<DiscrepanciesPage> {
    const all = (await this.doubted()).flatMap(({ modelId, doubts }) => discrepanciesOf(modelId, doubts))
    const { page, next } = pageOf(all, ({ modelId, field }) => [modelId, field], { limit, cursor })
    return { discrepancies: page, nextCursor: next }
  }

  /** Every available model with its doubts; found once in a revision, a version of the books and a day. */
  private async doubted(): Promise<DoubtedModel[]> {
    const [revision, books] = await Promise.all([this.revision(), this.bookVersion()])
    const today = new Date(this.options.now()).toISOString().slice(0, 10)
    return this.found.get(`${revision} ${books ?? ''} ${today}`, () => this.filler.doubted())
  }

  /**
   * Filters and sorts go by what is stored, not by what is filled; the canonical name apart.
   * @param query.sort a sort key, behind `-` for descending; default `id`, with a canonical name the cheapest first
   * @param query.canonicalName only the offers of that model
   * @throws TypeError for a member that there is none of; ValidationError for a search of too many words; UnknownProviderError; CursorError when the cursor is not one of this query
   */
  async models(asked: ViewedModels = {}): Promise<ModelsPage> {
    checkMembers('catalogue.models', asked, MODELS_QUERY)
    checkSearch(asked.search)
    await this.options.known?.check(asked.provider)
    await this.options.known?.checkId('id', asked.id)
    await this.checkMode(asked.mode)
    const { canonicalName, doubtful = false, ...query } = asked
    const doubted = doubtful ? await this.doubtedRows(query.viewer ?? null) : null
    if (canonicalName === undefined) return this.page(doubted === null ? query : { ...query, rowIds: doubted })
    const named = await this.filler.rowsNamed(canonicalName)
    const rowIds = doubted === null ? named : named.filter((rowId) => doubted.includes(rowId))
    return query.sort === undefined ? this.cheapest({ ...query, rowIds }) : this.page({ ...query, rowIds })
  }

  private async doubtedRows(viewer: string | null): Promise<number[]> {
    const rows = (await this.doubted()).map(({ rowId }) => rowId)
    if (viewer === null || (await this.ownVersion(viewer)) === null) return rows
    const book = await this.filler.prepare()
    const own = await findOwnDoubted(this.options.database, viewer, (models) => this.filler.fill(models, book))
    return [...rows, ...own]
  }

  private async checkMode(mode: string | undefined): Promise<void> {
    if (mode === undefined || MODE_CHOICES.some((choice) => choice === mode)) return
    const { byMode } = await readModelStats(this.options.database)
    if (Object.hasOwn(byMode, mode)) return
    const words = [...new Set([...MODE_CHOICES, ...Object.keys(byMode)])]
    throw new ValidationError(
      `mode is ${JSON.stringify(mode)}, which no model states: expected one of ${words.join(', ')}${meant(mode, words)}`,
    )
  }

  private async page(query: ModelFilter & PageQuery & { sort?: string }): Promise<ModelsPage> {
    const { limit = DEFAULT_LIMIT, cursor, sort = 'id', ...asked } = query
    const descending = sort.startsWith('-')
    const key = (descending ? sort.slice(1) : sort) as SortKey
    if (!SORT_KEYS.includes(key))
      throw new CursorError(`sort is "${sort}", expected one of ${SORT_KEYS.join(', ')}, perhaps behind a "-"`)
    const position = cursor === undefined ? null : readCursor(cursor)
    if (position !== null && !(position.length === 3 && position[0] === sort && Number.isInteger(position[2])))
      throw wrongCursor()
    const after = position === null ? null : { value: String(position[1]), rowId: Number(position[2]) }
    const filter = { ...asked, viewer: await this.viewerOf(asked) }
    const [page, total, book] = await Promise.all([
      listModels(this.options.database, { filter, sort: key, descending, limit, after }).catch(
        badCursorValue(after !== null),
      ),
      this.totals.of(filter),
      this.filler.prepare(),
    ])
    const filled = this.filler.fill(page.models, book)
    const models = filled.slice(0, howManyFit(filled))
    const last = models.length < filled.length ? page.positions[models.length - 1]! : page.last
    return { models, nextCursor: last === null ? null : writeCursor([sort, last.value, last.rowId]), total }
  }

  /** Who sees more or less than the catalogue, which is the quicker read; `null`: nobody. Most viewers have no keys of their own. */
  private async viewerOf({ viewer = null, visibleTo }: ModelFilter): Promise<string | null> {
    return visibleTo !== undefined || (await this.ownVersion(viewer)) !== null ? viewer : null
  }

  /** The offers of one model are few: all are read, since a filled price is in no column to sort by. */
  private async cheapest(query: ModelFilter & PageQuery & { rowIds: readonly number[] }): Promise<ModelsPage> {
    const { limit = DEFAULT_LIMIT, cursor, ...filter } = query
    const position = cursor === undefined ? null : readCursor(cursor)
    const all = { filter, sort: 'id', descending: false, limit: query.rowIds.length, after: null } as const
    const [{ models }, book] = await Promise.all([listModels(this.options.database, all), this.filler.prepare()])
    const sorted = cheapestFirst(this.filler.fill(models, book))
    const last = position === null ? -1 : sorted.findIndex(({ id }) => position[0] === CHEAPEST && position[1] === id)
    if (position !== null && last === -1) throw wrongCursor()
    const { page, last: end } = cut(sorted.slice(last + 1), limit)
    return {
      models: page,
      nextCursor: end === undefined ? null : writeCursor([CHEAPEST, end.id]),
      total: sorted.length,
    }
  }

  /** @throws NotFoundError */
  async model(id: string, viewer: string | null = null): Promise<ModelDetail> {
    const slash = id.indexOf('/')
    const found =
      slash < 1 ? null : await readModel(this.options.database, id.slice(0, slash), id.slice(slash + 1), viewer)
    if (found === null)
      throw new NotFoundError(
        `there is no model "${id}"; an id is <provider>/<the provider's id of the model>, and GET /models?search= finds it`,
      )
    const [book, entries, changes] = await Promise.all([
      this.filler.prepare(),
      readEntries(this.options.database, [found.rowId]),
      listChanges(this.options.database, { filter: { model: found.model.id }, limit: CHANGES_OF_A_MODEL, after: null }),
    ])
    const [model = found.model] = this.filler.fill([found.model], book)
    return { ...model, upstreamEntry: entries.get(found.rowId) ?? null, changes }
  }

  /** What is inconsistent, each with the way out; looked for once in a revision and a day. */
  async validate(): Promise<Inconsistency[]> {
    const today = new Date(this.options.now()).toISOString().slice(0, 10)
    const found = await this.inconsistent.get(`${await this.revision()}-${today}`, () =>
      findInconsistencies(this.options.database, this.options.providers, today),
    )
    return found.map((inconsistency) => ({ ...inconsistency, wayOut: WAYS_OUT[inconsistency.code] ?? '' }))
  }
}

/** @throws ValidationError */
function checkSearch(search: string | undefined): void {
  const { length } = searchWords(search ?? '')
  if (length > MOST_SEARCH_WORDS)
    throw new ValidationError(`search has ${length} words, expected ${MOST_SEARCH_WORDS} at most; leave some out`)
}

/** A cursor that was tampered with fails in the database, which cannot cast its value. */
function badCursorValue(hasCursor: boolean): (error: Error & { code?: string }) => never {
  return (error) => {
    // Class 22 of the SQL standard: data exceptions.
    if (hasCursor && error.code?.startsWith('22') === true) throw wrongCursor()
    throw error
  }
}
