/** A limit of ours that an answer went over; what the network and the other side do wrong comes as the error of undici or Node. */
export class HttpLimitError extends Error {
  constructor(
    readonly code: 'BODY_TOO_LARGE' | 'DEADLINE' | 'TOO_SLOW' | 'CONTENT_ENCODING',
    /** The limit in bytes or ms, or the encoding that was found. */
    readonly detail: string | number,
  ) {
    super(`${code}: ${detail}`)
  }
}
