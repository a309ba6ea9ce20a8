/** HeldClaims: what this replica holds: carried out, renewed, put on record when it has ended. */
import { finishWork, renewWork, type Ending } from '../../store/work/held-work.js'
import type { Database } from '../../store/database.js'
import type { ClaimedRow } from '../../store/work/work-row.js'
import type { SyncLog } from '../log.js'
import { Claim, type LeaseTerms } from './claim.js'

/** What came of a claim. */
export interface Conclusion extends Omit<Ending, 'id' | 'token' | 'wasDueAt'> {
  /** For those who wait in this process. */
  value?: unknown
  /** Whoever carried it out has put its end on record, or handed it on. */
  isRecorded?: boolean
}

/** Work of one kind. */
export interface WorkKind {
  /** How many this replica takes at a time. */
  most: number
  /** Ends early when the claim's signal says so. Throws nothing. */
  carryOut(claim: Claim): Promise<Conclusion>
}

export interface HeldClaimsOptions extends LeaseTerms {
  database: Database
  log: SyncLog
  /** Told what came of work here. */
  settled(id: number, value: unknown): void
}

export class HeldClaims {
  private readonly claims = new Map<number, Claim>()
  private readonly carriedOut = new Map<Claim, Promise<void>>()
  private endings: Ending[] = []
  private flushing: Promise<void> | null = null

  constructor(private readonly options: HeldClaimsOptions) {}

  get size(): number {
    return this.claims.size
  }

  get ids(): number[] {
    return [...this.claims.keys()]
  }

  get all(): Claim[] {
    return [...this.claims.values()]
  }

  has(id: number): boolean {
    return this.claims.has(id)
  }

  get(id: number): Claim | undefined {
    return this.claims.get(id)
  }

  count(kind: string): number {
    return this.all.filter(({ row }) => row.kind === kind).length
  }

  /** Carries the work out, behind the caller's back. @param claimedAt before the statement was sent, monotonic, ms */
  begin(row: ClaimedRow, kind: WorkKind, claimedAt: number): void {
    const { log, settled } = this.options
    const claim = new Claim(row, this.options, claimedAt)
    this.claims.set(claim.id, claim)
    const facts = { work: claim.id, kind: row.kind, token: claim.token }
    if (row.takenFrom === null) log.debug(facts, 'A lease was taken')
    else log.warn({ ...facts, from: row.takenFrom }, 'The work of a replica whose lease was over was taken over')
    const carriedOut = kind
      .carryOut(claim)
      .catch((error: Error): Conclusion => {
        log.error({ err: error, ...facts }, 'Work failed')
        return {}
      })
      .then(async ({ value, isRecorded = false, ...ending }) => {
        claim.ending = true
        if (isRecorded || claim.isLost) this.forget(claim)
        else {
          this.endings.push({ ...ending, id: claim.id, token: claim.token, wasDueAt: claim.row.dueAt })
          // Before its callers hear of it: none of them may join what has just ended.
          await this.flush()
        }
        settled(claim.id, value)
      })
      .finally(() => this.carriedOut.delete(claim))
    this.carriedOut.set(claim, carriedOut)
  }

  /** Gives up what has not been renewed for the length of a lease, by this process's own clock. Throws nothing. */
  giveUpOverdue(): void {
    for (const claim of this.all) if (claim.isOverdue) this.lose(claim)
  }

  /** Prolongs all leases, and hears what is lost and what should end early. @throws what the database throws */
  async renew(): Promise<void> {
    const { database, clock, leaseMs } = this.options
    const held = this.all
    if (held.length === 0) return
    const sentAt = clock()
    const renewed = new Map((await renewWork(database, held, leaseMs)).map((row) => [row.id, row]))
    for (const claim of held) {
      const row = renewed.get(claim.id)
      if (row !== undefined) {
        claim.renewed(sentAt)
        if (row.cancelAsked) claim.askToCancel()
      } else if (this.claims.get(claim.id) === claim && !claim.ending) this.lose(claim)
    }
  }

  /** Puts on record what has ended; what the database refuses is tried again with the next call. Throws nothing. */
  async flush(): Promise<void> {
    if (this.flushing === null && this.endings.length > 0) this.flushing = this.send()
    await this.flushing
  }

  /** Whoever is still at work on a claim that was handed on finds no more than that it has to end. */
  handedOn(claim: Claim): void {
    claim.ending = true
    this.forget(claim)
  }

  /** Ends everything early, and waits until it is on record; what the database refuses is left to others. Throws nothing. */
  async end(): Promise<void> {
    for (const claim of this.carriedOut.keys()) claim.askToCancel()
    while (this.carriedOut.size > 0) await Promise.all(this.carriedOut.values())
    await this.flush()
  }

  private forget(claim: Claim): void {
    // Taken again meanwhile, it is another claim.
    if (this.claims.get(claim.id) === claim) this.claims.delete(claim.id)
  }

  private lose(claim: Claim): void {
    this.claims.delete(claim.id)
    this.endings = this.endings.filter(({ id }) => id !== claim.id)
    const { kind } = claim.row
    this.options.log.warn(
      { work: claim.id, kind, token: claim.token },
      'A lease was lost: the work is another replica’s',
    )
    claim.lose()
  }

  /** Together what has gathered while the statement before was under way. */
  private async send(): Promise<void> {
    while (this.endings.length > 0) {
      const some = this.endings
      this.endings = []
      try {
        await finishWork(this.options.database, some)
        for (const { id, token } of some) if (this.claims.get(id)?.token === token) this.claims.delete(id)
      } catch (error) {
        this.options.log.debug({ err: error }, 'The database refused to record that work has ended; trying again')
        this.endings.unshift(...some.filter(({ id }) => this.claims.has(id)))
        break
      }
    }
    this.flushing = null
  }
}
