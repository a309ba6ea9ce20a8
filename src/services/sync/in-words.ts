/** inWords: a problem with its sentence, as results tell it and the database keeps it. */
import type { Cause, Problem } from '../../core/records/problem.js'
import { describeProblem } from '../../core/records/problem-text.js'

// Of one line: as much as somebody reads.
const MOST_CHARACTERS = 2000

export function inWords(cause: Cause): Problem {
  return { ...cause, message: shortened(describeProblem(cause)) }
}

/** What a host's source or hook says may be of any length, and is kept with the run. */
export function shortened(line: string): string {
  return line.length > MOST_CHARACTERS ? `${line.slice(0, MOST_CHARACTERS)}…` : line
}
