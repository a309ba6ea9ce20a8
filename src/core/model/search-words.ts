/** searchWords: the words of a search, each once. */

/** Each is compared with every model: a hundred letters would keep a database busy for seconds. */
export const MOST_SEARCH_WORDS = 10

/** Without white space around them, in the order in which they were typed. Throws nothing. */
export function searchWords(text: string): string[] {
  return [...new Set(text.split(/\s+/).filter((word) => word !== ''))]
}
