/** The word that was probably meant. */
import leven from 'leven'

// Two slips of the finger; three make most short words of ours alike.
const MOST_EDITS = 2
// Where one word contains the other, a shorter one would be found in too many.
const SHORTEST_PART = 3

/** The nearest of the words by edits (Levenshtein, in any case), or else one that holds this word or is held by it; `null`: none is near. */
export function closest(word: string, words: readonly string[]): string | null {
  const asked = word.toLowerCase()
  const [best] = words
    .map((candidate) => ({ candidate, edits: leven(asked, candidate.toLowerCase()) }))
    .sort((a, b) => a.edits - b.edits)
    .filter(({ candidate, edits }) => (edits <= MOST_EDITS && edits < candidate.length) || holds(candidate, asked))
  return best?.candidate ?? null
}

function holds(candidate: string, asked: string): boolean {
  const [short = '', long = ''] = [candidate.toLowerCase(), asked].sort((a, b) => a.length - b.length)
  return short.length >= SHORTEST_PART && long.includes(short)
}
