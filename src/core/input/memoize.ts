/** memoize: a pure function of a text that remembers what it said, for so many texts. */

/**
 * An LRU cache would forget in place of the first ones the least used, at several times the price of a look-up: this is for names that come with
 * each row, of which only a hostile answer has more.
 * @param most texts that are remembered
 */
export function memoize<T>(most: number, compute: (text: string) => T): (text: string) => T {
  const known = new Map<string, T>()
  return (text) => {
    const found = known.get(text)
    if (found !== undefined) return found
    const value = compute(text)
    if (known.size < most) known.set(text, value)
    return value
  }
}
