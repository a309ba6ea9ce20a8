/** OwnTurns: the turns of runs that no other process knows of. */
import type { SyncResult } from '../../core/records/sync-result.js'
import { SyncQueue } from './run-queue.js'
import type { Asked, JoinOptions, Turn, TurnAsked, Turns } from './turn.js'

type CarryOut = (asked: Asked, turn: Turn) => Promise<SyncResult>

export class OwnTurns implements Turns {
  private readonly queue: SyncQueue<SyncResult>
  private readonly kinds = new Map<string, CarryOut>()

  /** @param maxRunMs how long a run may take, ms; default: as long as it takes */
  constructor(maxRunMs?: number) {
    this.queue = new SyncQueue(maxRunMs)
  }

  get running(): boolean {
    return this.queue.running
  }

  register<What extends Asked>(kind: string, carryOut: (asked: What, turn: Turn) => Promise<SyncResult>): void {
    this.kinds.set(kind, carryOut as CarryOut)
  }

  join({ kind, key, asked }: TurnAsked, options: JoinOptions = {}): Promise<SyncResult> {
    const carryOut = this.kinds.get(kind)!
    const handOn = async (): Promise<boolean> => false
    return this.queue.join(
      key,
      (signal, finishing) => carryOut(asked, { signal, finishing, claim: null, handOn }),
      options,
    )
  }

  async cancel(reason: Error): Promise<boolean> {
    return this.queue.cancel(reason)
  }

  close(reason: Error): Promise<void> {
    return this.queue.close(reason)
  }
}
