/** The word that was probably meant. */
import leven from 'leven'

// Two slips of the finger; three make most short words of ours alike.
const MOST_EDITS = 2

/** The nearest of the words by edits (Levenshtein); `null`: none is near. */
export function closest(word: string, words: readonly string[]): string | null {
  const [best] = words
    .map((candidate) => ({ candidate, edits: leven(word, candidate) }))
    .filter(({ candidate, edits }) => edits <= MOST_EDITS && edits < candidate.length)
    .sort((a, b) => a.edits - b.edits)
  return best?.candidate ?? null
}
