/** The client's types are those of the services: what these return, a client reads. Checked by the compiler. */
import type * as client from '../../src/client/contract.js'
import type { CatalogueService, ModelsPage } from '../../src/services/catalogue/catalogue-service.js'
import type { ProviderRecord } from '../../src/services/providers/provider-service.js'
import type { SyncOptions } from '../../src/services/sync/sync-request.js'
import type { SyncResult } from '../../src/services/sync/sync-result.js'
import type { RunProgress } from '../../src/services/sync/run-progress.js'
import type { ModelStats } from '../../src/store/models/read-stats.js'
import type { ChangeRecord } from '../../src/core/records/change-record.js'

/** A compile error where `From` cannot be read as `To`. */
type Reads<From extends To, To> = From

export type Checked = [
  Reads<SyncResult, client.SyncResult>,
  Reads<client.SyncOptions, SyncOptions>,
  Reads<RunProgress, client.RunProgress>,
  Reads<Pick<ModelsPage, 'nextCursor' | 'total'>, Pick<client.ModelsPage, 'nextCursor' | 'total'>>,
  Reads<Awaited<ReturnType<CatalogueService['model']>>['id'], client.ModelDetail['id']>,
  Reads<ProviderRecord, client.Provider>,
  Reads<ModelStats, client.ModelStats>,
  Reads<ChangeRecord, client.Change>,
]
