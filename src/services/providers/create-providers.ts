/** createProviders: providers as an operator sees and sets them. */
import type { AppliedChange } from '../applied-changes.js'
import type { Room, RoomContext } from '../room.js'
import { ProviderService } from './provider-service.js'

/** Providers as an operator sees and sets them, and: */
export interface Providers extends ProviderService {
  /** Slugs that a sync of "all" takes: MODEL_SYNC_PROVIDERS when it is set, else every provider that can be asked. */
  readonly all: readonly string[]
  /** Slugs that such a sync leaves out for want of a key; none where MODEL_SYNC_PROVIDERS names its providers one by one. */
  readonly keyless: readonly string[]
}

export interface ProvidersNeeds {
  /** Called with what a change of a provider has changed, after its commit. */
  committed(provider: string, changes: readonly AppliedChange[]): void
}

export function createProviders(
  { reads: database, edits, now, settings, providers, schedule }: RoomContext,
  { committed }: ProvidersNeeds,
): Room<Providers> {
  const { setups, all, defaults, keyless } = providers
  const service = new ProviderService({ ...schedule, database, edits, now, committed, providers: setups })
  return { service: Object.assign(service, { all: settings.providers === undefined ? all : defaults, keyless }) }
}
