/** createWork: the replicas of one catalogue, and what they share out among themselves. */
import { randomUUID } from 'node:crypto'
import type { Room, RoomContext } from '../room.js'
import { WorkService } from './work-service.js'

/** Who shares this catalogue's work. */
interface Fleet {
  /** @see WorkService.replicas */
  replicas: WorkService['replicas']
}

export interface WorkRoom extends Room<Fleet> {
  work: WorkService
}

const SECOND_MS = 1000

export function createWork({ database, log, settings, alone, origin, scheduler }: RoomContext): WorkRoom {
  const work = new WorkService({
    database,
    log,
    scheduler,
    alone,
    leaseMs: settings.leaseSeconds * SECOND_MS,
    replica: { id: randomUUID(), name: origin.replica, version: origin.appVersion },
  })
  return {
    work,
    service: { replicas: () => work.replicas() },
    start: () => work.start(),
    stop: () => work.stop(),
  }
}
