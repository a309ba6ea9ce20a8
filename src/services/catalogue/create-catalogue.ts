/** createCatalogue: what reads and edits the catalogue, and what is kept of it in memory. */
import type { AppliedChange } from '../applied-changes.js'
import type { PriceBooks } from '../prices/price-books.js'
import type { Room, RoomContext } from '../room.js'
import { CatalogueService } from './catalogue-service.js'
import { ChangelogService } from './changelog-service.js'
import { DailyStats } from './daily-stats.js'
import { DeprecationService } from './deprecation-service.js'
import { ModelFiller } from './fill-models.js'
import { ModelEditor } from './model-editor.js'
import { OpenaiModelList } from './openai-model-list.js'
import { RevisionWatch, type RevisionFollower } from './revision-watch.js'

/** Every read of the catalogue, and: */
export interface Catalogue extends CatalogueService {
  /** What changed. */
  readonly changelog: ChangelogService
  /** Pins, local models, visibility. */
  readonly editor: ModelEditor
  /** Which models end soon. */
  readonly deprecations: DeprecationService
  /** Models and changes by day, for charts. */
  readonly daily: DailyStats
  /** The available models in OpenAI's shape, as bytes. @see OpenaiModelList */
  readonly openaiList: Pick<OpenaiModelList, 'get'>
  /**
   * Calls the listener with the catalogue's revision now and after each change, of this process or another, within a second.
   * @returns ends it
   */
  watchRevision(listener: (revision: number) => void): () => void
  /** The same for what is kept in memory and read now and then. @see RevisionFollower */
  followRevision(listener: (revision: number) => unknown): RevisionFollower
  /** After a change by hand: what is in memory is up to date when this ends. Throws nothing. */
  refresh(): Promise<void>
}

export interface CatalogueNeeds {
  priceBooks: PriceBooks | null
  /** Called with what an edit has changed, after its commit. */
  committed(provider: string, changes: readonly AppliedChange[]): void
  /** Brings the names in memory up to date. Throws nothing. */
  refreshNames(): Promise<void>
}

// Two pages, on one replica or on two, show the same within two seconds.
const REVISION_INTERVAL_MS = 1000

export function createCatalogue(
  { reads: database, edits, now, known, settings, providers, slugs, hints }: RoomContext,
  { priceBooks, committed, refreshNames }: CatalogueNeeds,
): Room<Catalogue> {
  const reads = new CatalogueService({
    filler: new ModelFiller({ database, priceBooks, now }),
    database,
    providers: [...new Set([...providers.defaults, ...slugs])],
    known,
    now,
  })
  const revisions = new RevisionWatch({ read: () => reads.revision(), intervalMs: REVISION_INTERVAL_MS, hints })
  const list = new OpenaiModelList(reads, settings.openaiIds)
  // From the first use on, since many hosts never ask for the list.
  let follower: RevisionFollower | null = null
  const service = Object.assign(reads, {
    changelog: new ChangelogService({ database, known }),
    editor: new ModelEditor({ database: edits, now, slugs, committed }),
    deprecations: new DeprecationService({ database, known, now }),
    daily: new DailyStats({ database, now }),
    openaiList: {
      get: async (viewer: string | null, teams?: readonly string[]) => {
        follower ??= revisions.follow((revision) => list.changed(revision))
        await follower.current()
        return list.get(viewer, teams)
      },
    },
    watchRevision: (listener: (revision: number) => void) => revisions.watch(listener),
    followRevision: (listener: (revision: number) => unknown) => revisions.follow(listener),
    refresh: async () => {
      list.changed(null)
      await refreshNames()
    },
  })
  return { service, stop: async () => follower?.end() }
}
