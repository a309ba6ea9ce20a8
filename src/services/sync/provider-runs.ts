/** ProviderRuns: the providers of a sync, side by side. */
import pLimit from 'p-limit'
import type { ProviderResult } from '../../core/records/sync-result.js'
import type { ProviderSetup } from '../providers/provider-setup.js'
import { abandoned, untilAbandoned } from './abandoned-provider.js'
import { ProviderSync } from './provider-sync.js'
import { missingOf, skipped } from './skipped-providers.js'
import type { SyncContext } from './sync-context.js'
import type { SyncRequest } from './sync-request.js'
import type { Fence } from '../../store/work/fence.js'
import type { Claim } from '../work/claim.js'
import { HOOK_TIMEOUT_MS } from './host-hook.js'
import type { Turn } from './turn.js'
import { CatalogueShelf, type Shelf } from './sync-target.js'

/** A request with its providers found. */
export type Order = Omit<SyncRequest, 'providers'> & { providers: readonly ProviderSetup[] }

export interface ProviderRunsOptions {
  /** What every transaction runs in: the host's hooks, and who is told afterwards. */
  context: SyncContext
  /** Providers at once. */
  concurrency: number
  /** Where models are kept; default: in the catalogue. */
  shelf?: ((context: SyncContext) => Shelf) | undefined
}

export class ProviderRuns {
  constructor(private readonly options: ProviderRunsOptions) {}

  /** A provider that needs a key or an address and has none is skipped. Throws nothing, as `work` does not. */
  each(
    { providers }: Order,
    signal: AbortSignal,
    work: (setup: ProviderSetup, index: number) => Promise<ProviderResult>,
    done: (result: ProviderResult) => void = () => undefined,
  ): Promise<ProviderResult[]> {
    const limit = pLimit(this.options.concurrency)
    return Promise.all(
      providers.map((setup, index) =>
        limit(async () => {
          const missing = missingOf(setup)
          const result =
            missing === null
              ? await untilAbandoned(work(setup, index), signal, () => abandoned(setup, signal))
              : skipped(setup, missing)
          done(result)
          return result
        }),
      ),
    )
  }

  /** @param onEntries told after each page how many raw entries it had */
  start(
    { forceUpdate, markUnavailable }: Order,
    setup: ProviderSetup,
    { signal, claim = null }: { signal: AbortSignal; claim?: Turn['claim'] },
    onEntries: (entries: number) => void = () => undefined,
  ): ProviderSync {
    // A provider without an address is skipped before anything is asked of it.
    const address = setup.address ?? ''
    const until = this.options.context.database.until(signal)
    const context = { ...this.options.context, database: claim === null ? until : until.fenced(this.fenceOf(claim)) }
    return new ProviderSync(
      context,
      { ...setup, address, forceUpdate, markUnavailable, signal, onEntries },
      this.options.shelf?.(context) ?? new CatalogueShelf(context),
    )
  }

  /** While the host's hook is at work, its transaction may say nothing for as long as the hook may take. */
  private fenceOf(claim: Claim): Fence {
    const { onApply, timeoutMs = HOOK_TIMEOUT_MS } = this.options.context.hooks
    if (onApply === undefined) return claim
    const { id, token, idleMs } = claim
    return { id, token, idleMs: idleMs + timeoutMs, entered: () => claim.entered(), left: () => claim.left() }
  }
}
