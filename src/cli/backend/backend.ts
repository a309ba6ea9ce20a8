/** What the commands ask a catalogue for; it is here, or behind the API of a running server. */
import type { ClientName } from '../../core/clients/all-clients.js'
import type { ProbeRecord } from '../../core/records/probe-record.js'
import type { RequestType } from '../../core/names/request-types.js'
import type { Resolution, RefusedName } from '../../core/names/resolution.js'
import type { ReplicaRecord } from '../../core/records/replica-record.js'
import type { ProviderRecord } from '../../core/records/provider-record.js'
import type { SyncResult } from '../../core/records/sync-result.js'
import type { Health, SyncStatus } from '../../core/records/sync-status.js'
import type { ChangesPage, ChangesQuery } from '../../core/records/change-record.js'
import type { ModelDetail } from '../../core/records/model-detail.js'
import type { SyncOptions } from '../../core/records/sync-options.js'
import type { PageQuery } from '../../core/schema/page.js'
import type { ModelsPage, ModelStats, ModelsQuery } from '../../core/model/model-record.js'
import type { RunRecord, RunsPage } from '../../core/records/run-record.js'

/** The answer for one name, or why there is none. */
export type ResolvedName = Resolution | RefusedName

/** Told while a sync runs; a catalogue behind an API tells nothing. */
export interface SyncObserver {
  /** What will be asked, with the models that each had at last. */
  started(providers: readonly { slug: string; expected: number }[]): void
  /** So many entries more have been read of a provider's listings. */
  read(slug: string, entries: number): void
  /** Its last page has been read. */
  finished(slug: string): void
}

export interface Status extends SyncStatus {
  models: ModelStats
  health: Health
  /** `null`: an older server, which does not say. */
  replicas: ReplicaRecord[] | null
}

interface Migrated {
  /** Names of the migrations that were applied now. */
  applied: string[]
  /** Where the schema is, in words. */
  where: string
}

/** Every method throws what the services do; over HTTP, the same errors by their code. */
export interface Backend {
  /** In words, for messages; without password. */
  readonly where: string
  /** Slugs of every provider that can be asked, where no option says which to sync; `null`: one does, or a server decides. */
  readonly unasked: readonly string[] | null
  /** @param signal ends it early: what is not applied by then is not applied */
  sync(request: SyncOptions, observer: SyncObserver, signal: AbortSignal): Promise<SyncResult>
  models(query: ModelsQuery): Promise<ModelsPage>
  model(id: string): Promise<ModelDetail>
  /** One for each name, in their order: the answer, or why there is none. */
  resolve(
    names: readonly string[],
    how: { type: RequestType; strict: boolean; suggest: boolean },
  ): Promise<ResolvedName[]>
  changes(query: ChangesQuery): Promise<ChangesPage>
  runs(query: PageQuery): Promise<RunsPage>
  run(id: string): Promise<RunRecord>
  /** @param signal ends it early */
  probe(id: string, signal: AbortSignal): Promise<ProbeRecord>
  /** The file of a client, whole. */
  clientFile(name: ClientName): Promise<string>
  providers(): Promise<ProviderRecord[]>
  status(): Promise<Status>
  migrate(): Promise<Migrated>
  close(): Promise<void>
}
