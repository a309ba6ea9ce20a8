/** What the plugin decorates Fastify with: the whole of it for hosts and for the routes. */
import type { FastifyRequest, preHandlerAsyncHookHandler } from 'fastify'
import type { ResolveOptions } from '../core/names/model-resolver.js'
import type { Resolution } from '../core/names/resolution.js'
import type { ModelSyncEvents } from '../services/sync/sync-events.js'
import type { SyncOptions } from '../services/sync/sync-request.js'
import type { SyncResult } from '../core/records/sync-result.js'
import type { TeamsOf } from '../routes/shared/hooks.js'
import type { Rooms, RoomServices } from './create-services.js'
import { createResolveRequest, type ResolveRequestOptions } from './resolve-request-hook.js'

/** `fastify.modelSync`: what most hosts call, then each room's services under the room's word. */
export interface ModelSync extends RoomServices {
  /** @see ModelSyncService.syncModels */
  syncModels(options?: SyncOptions): Promise<SyncResult>
  /**
   * Ends the run in progress, on whichever replica: what is not yet applied is not applied. Waits for its end, 2 seconds at most. False when there is
   * none.
   */
  cancelSync(): Promise<boolean>
  /**
   * Which model a name means: an id, a name, an alias; blank is the type's default. In memory; a sync by this process is seen at once, another's
   * within a second.
   * @throws ResolveError; 503 while there are no models at all
   */
  resolve(name: string | null | undefined, options?: ResolveOptions): Promise<Resolution>
  /** A `preHandler` hook that replaces the model's name in the body by the resolved model's `providerModelId`. @see ResolveRequestOptions */
  resolveRequest(options?: ResolveRequestOptions): preHandlerAsyncHookHandler
  /** @see ModelSyncEvents */
  on<Name extends keyof ModelSyncEvents>(event: Name, listener: (...args: ModelSyncEvents[Name]) => void): void
  off<Name extends keyof ModelSyncEvents>(event: Name, listener: (...args: ModelSyncEvents[Name]) => void): void
  /**
   * Tells other processes that want the embedded database where this one serves HTTP, prefix included: for a host that lets somebody else
   * listen; what `listen()` opens is told by itself. With a PostgreSQL there is nothing to tell. @throws the file system's error
   */
  servedAt(url: string): Promise<void>
}

export interface ModelSyncNeeds extends Pick<ModelSync, 'servedAt'> {
  /** Who asks; `null`: nobody in particular. */
  user(request: FastifyRequest): string | null
  teams: TeamsOf
}

export function createModelSync(rooms: Rooms, { user, teams, servedAt }: ModelSyncNeeds): ModelSync {
  const { modelSync, syncModels } = rooms.sync
  const { resolver } = rooms.names
  const services = Object.entries(rooms).map(([name, { service }]) => [name, service])
  return {
    ...(Object.fromEntries(services) as RoomServices),
    syncModels,
    cancelSync: () => modelSync.cancel(),
    resolve: (name, options) => resolver().resolve(name, options),
    resolveRequest: createResolveRequest((name, options) => resolver().find(name, options), user, teams),
    on: (event, listener) => void modelSync.events.on(event, listener as never),
    off: (event, listener) => void modelSync.events.off(event, listener as never),
    servedAt,
  }
}

declare module 'fastify' {
  interface FastifyInstance {
    modelSync: ModelSync
  }
}
