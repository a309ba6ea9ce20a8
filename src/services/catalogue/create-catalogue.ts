/** createCatalogue: what reads and edits the catalogue, and what is kept of it in memory. */
import type { ClientName } from '../../core/clients/all-clients.js'
import type { AppliedChange } from '../applied-changes.js'
import type { PriceBooks } from '../prices/price-books.js'
import type { Room, RoomContext } from '../room.js'
import { openaiList } from '../../core/model/openai-entry.js'
import { CatalogueService } from './catalogue-service.js'
import { ChangelogService } from './changelog-service.js'
import { ClientFiles, type ClientFilesOptions } from './client-files.js'
import { DailyStats } from './daily-stats.js'
import { DeprecationService } from './deprecation-service.js'
import { ModelFiller } from './fill-models.js'
import { ModelEditor } from './model-editor.js'
import { RevisionWatch, type RevisionFollower } from './revision-watch.js'
import { ownBodies, WrittenList } from './written-list.js'

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
  /** The available models in OpenAI's shape, as bytes. @see WrittenList */
  readonly openaiList: Pick<WrittenList, 'get'>
  /** The available models as the file of a client, as bytes. @see ClientFiles */
  readonly clientFiles: Pick<ClientFiles, 'get'>
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
  const { openaiIds: ids } = settings
  const revisions = new RevisionWatch({ read: () => reads.revision(), intervalMs: REVISION_INTERVAL_MS, hints })
  const own = ownBodies()
  const list = new WrittenList(reads, { name: 'openai', format: openaiList(ids), ids }, own)
  const files = new ClientFiles(reads, { gatewayUrl: settings.gatewayUrl ?? null, ids, proxy: proxyOf(providers) }, own)
  const changed = (revision: number | null): void => {
    list.changed(revision)
    files.changed(revision)
  }
  // From the first use on, since many hosts never ask for a list.
  let follower: RevisionFollower | null = null
  const inStep = async (): Promise<void> => {
    follower ??= revisions.follow(changed)
    await follower.current()
  }
  const service = Object.assign(reads, {
    changelog: new ChangelogService({ database, known }),
    editor: new ModelEditor({ database: edits, now, slugs, committed }),
    deprecations: new DeprecationService({ database, known, now }),
    daily: new DailyStats({ database, now }),
    openaiList: {
      get: async (viewer: string | null, teams?: readonly string[]) => {
        await inStep()
        return list.get(viewer, teams)
      },
    },
    clientFiles: {
      get: async (name: ClientName, viewer: string | null, teams?: readonly string[]) => {
        await inStep()
        return files.get(name, viewer, teams)
      },
    },
    watchRevision: (listener: (revision: number) => void) => revisions.watch(listener),
    followRevision: (listener: (revision: number) => unknown) => revisions.follow(listener),
    refresh: async () => {
      changed(null)
      await refreshNames()
    },
  })
  return { service, stop: async () => follower?.end() }
}

/** The LiteLLM proxy that is synced where no option says what is; `null`: none is. */
function proxyOf({ setups, defaults }: RoomContext['providers']): ClientFilesOptions['proxy'] {
  const setup = defaults.includes('litellm') ? setups.find(({ source }) => source.slug === 'litellm') : undefined
  return setup === undefined || setup.address === null ? null : { slug: setup.source.slug, address: setup.address }
}
