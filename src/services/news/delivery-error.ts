/** Why a message of the news did not arrive. */

/** What keeps a message from arriving; the text holds neither path nor secret. */
export class NewsDeliveryProblem extends Error {
  constructor(
    message: string,
    /** When the receiver wants to be asked again, ms from now; `null`: it does not say. */
    readonly retryAfterMs: number | null = null,
    /** It does not want to be asked again at all. */
    readonly gone = false,
  ) {
    super(message)
  }
}
