/** Whether an answer may still be recorded, after what has happened to its provider since it was asked. Pure. */

/** A provider's state in the database, as far as an answer depends on it. */
export interface AnswerState {
  /** Grows with every change to the provider's models. */
  version: number
  /** Grows when another answer is applied, and when the last one must be read anew. */
  stateVersion: number
  /** When the request of the newest recorded answer had ended, by the database's clock: ISO 8601 with microseconds. `null`: there is none. */
  answeredAt: string | null
  /** The same of the newest recorded failure. */
  failedAt: string | null
}

/** The state that a request started from, and its age. */
export interface Asked extends Omit<AnswerState, 'version'> {
  /** How many requests had failed in a row by then. */
  failures: number
  /** The database's time before the request, ISO 8601 with microseconds. */
  began: string
  /** From then until the answer was there, at most, in ms of the process's monotonic clock, which nobody sets: the way to the database is in it. */
  tookMs: number
  /** The same at least, without that way: of a new connection it is long, and of two answers that follow each other the first must not seem later. */
  atLeastMs: number
}

/**
 * `current`: nothing has happened. `moved`: somebody edited the models, or an answer older than this one was applied meanwhile, so the plan must be
 * made again. `outdated`: an answer was recorded whose request ended after this one's began, so nobody knows which of the two is upstream's last
 * word: only another request tells.
 */
export type Standing = 'current' | 'moved' | 'outdated'

/**
 * @param now the state under the row's lock
 * @param version that the plan was made from
 */
export function standingOf(now: AnswerState, asked: Asked, version: number): Standing {
  // Compared with what was read first: after the database's clock was set back, a time in the future must not outdate every answer until then.
  if (now.answeredAt !== null && now.answeredAt !== asked.answeredAt && now.answeredAt > asked.began) return 'outdated'
  return now.version === version && now.stateVersion === asked.stateVersion ? 'current' : 'moved'
}
