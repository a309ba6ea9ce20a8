/** TokenGuesses: wrong tokens and signatures by address; after ten of them an address is told to wait, longer each time. */
import type { FastifyRequest } from 'fastify'
import { LRUCache } from 'lru-cache'
import { TooManyGuessesError } from '../../errors.js'
import { clientAddress } from './client-address.js'

const FREE_GUESSES = 10
const LONGEST_PAUSE_SECONDS = 15 * 60
const MOST_ADDRESSES = 10_000
/** An address that has not guessed for so long begins anew, ms. */
const FORGOTTEN_AFTER_MS = 60 * 60 * 1000
const WARN_EVERY_MS = 60 * 1000

/** A right token is let through whatever its address has sent before: guessing must not lock an administrator out. */
export class TokenGuesses {
  private readonly wrong = new LRUCache<string, number>({ max: MOST_ADDRESSES, ttl: FORGOTTEN_AFTER_MS })
  private warnedAt = -Infinity
  private unsaid = 0

  /** @param clock monotonic, ms */
  constructor(private readonly clock: () => number = () => performance.now()) {}

  /** Counts a wrong one. @returns what to answer in place of the usual refusal; `null`: the usual refusal */
  count(request: FastifyRequest): Error | null {
    const address = clientAddress(request)
    const wrong = (this.wrong.get(address) ?? 0) + 1
    this.wrong.set(address, wrong)
    if (wrong <= FREE_GUESSES) return null
    this.warn(request, address)
    const retryAfter = Math.min(2 ** Math.min(wrong - FREE_GUESSES - 1, 20), LONGEST_PAUSE_SECONDS)
    return Object.assign(
      new TooManyGuessesError(
        `${wrong} wrong tokens or signatures have come from your address; send a right one, or wait ${retryAfter} s`,
      ),
      { retryAfter },
    )
  }

  private warn(request: FastifyRequest, address: string): void {
    this.unsaid += 1
    if (this.clock() - this.warnedAt < WARN_EVERY_MS) return
    request.log.warn(
      { address, wrongTokens: this.unsaid },
      'Somebody sends one wrong token or signature after the other',
    )
    this.warnedAt = this.clock()
    this.unsaid = 0
  }
}
