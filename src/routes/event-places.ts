/** EventPlaces: who may listen to events at the same time. */
import { TooManyListenersError } from '../errors.js'

// Each is a socket and some kilobytes; more are pages that somebody forgot to close.
const MOST = 200
// A browser opens six connections to a host; ten are several windows, or a few people behind one address.
const MOST_OF_AN_ADDRESS = 10
const KEPT = 20
const RETRY_AFTER_SECONDS = 60

export class EventPlaces {
  private taken = 0
  private readonly byAddress = new Map<string, number>()

  /** @param guarded whether there are callers with more rights than others, for whom the last places are kept */
  constructor(private readonly guarded: boolean) {}

  /**
   * @param mayWrite whether the caller has more rights; asked only where that makes a difference
   * @returns what gives the place back
   * @throws TooManyListenersError
   */
  async take(address: string, mayWrite: () => Promise<boolean>): Promise<() => void> {
    const admitted = this.guarded && this.refusal(address, false) !== null && (await mayWrite())
    const refusal = this.refusal(address, admitted)
    if (refusal !== null) throw refusal
    this.count(address, 1)
    let given = false
    return () => {
      if (!given) this.count(address, -1)
      given = true
    }
  }

  private refusal(address: string, admitted: boolean): Error | null {
    const most = this.guarded && !admitted ? MOST - KEPT : MOST
    if (this.taken >= most)
      return new TooManyListenersError(
        `${this.taken} pages listen already, and ${most} may; close some, or ask GET /models/sync now and then`,
      )
    const own = this.byAddress.get(address) ?? 0
    if (admitted || own < MOST_OF_AN_ADDRESS) return null
    return Object.assign(
      new TooManyListenersError(
        `${own} pages from your address listen already, which is the most; close some, or ask GET /models/sync now and then`,
      ),
      { statusCode: 429, retryAfter: RETRY_AFTER_SECONDS },
    )
  }

  private count(address: string, more: number): void {
    this.taken += more
    const own = (this.byAddress.get(address) ?? 0) + more
    if (own === 0) this.byAddress.delete(address)
    else this.byAddress.set(address, own)
  }
}
