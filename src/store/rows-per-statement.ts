/** How many rows one statement writes. */

// The rows are one text, a KiB each: 22,000 at once are that text, its bytes and what the client makes of them, 60 MB and more, and nobody else has a turn meanwhile.
export const ROWS_PER_STATEMENT = 2_000
