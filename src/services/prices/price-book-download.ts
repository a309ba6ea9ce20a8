/** Reads newer data for the price book from an address that the operator gives. */
import { MAX_ENTRY_DEPTH, type AnswerLimits } from '../../upstream/answer-limits.js'
import { failure } from '../../errors.js'
import { FetchProblem } from '../../upstream/fetch-problem.js'
import { parseJson } from '../../upstream/read-json.js'
import type { HttpClient, HttpRequest } from '../../upstream/http-client.js'

/** Objects, lists and commas. The book has 20,000; it is checked and put in order in one go. */
const MOST_VALUES = 200_000

export interface PriceBookDownload
  extends Pick<HttpRequest, 'timeoutMs' | 'signal'>, Pick<AnswerLimits, 'maxBodyBytes' | 'maxEntries' | 'maxValues'> {
  client: Pick<HttpClient, 'request'>
  userAgent: string
  /** Such as the package's REMOTE_DATA_JSON_URL; a redirect is not followed. */
  url: string
}

/** The parsed answer, unchecked. @throws what the HTTP client throws; Error when it is no 200; UpstreamError when it is no JSON, or too much of it */
export async function downloadPriceBook({
  client,
  userAgent,
  url,
  maxEntries,
  maxValues,
  ...limits
}: PriceBookDownload): Promise<unknown> {
  const headers = { accept: 'application/json', 'user-agent': userAgent }
  const { status, body } = await client.request({ url: new URL(url), headers, ...limits })
  if (status !== 200) throw new Error(`the price book's address answered ${status}, expected 200`)
  const most = Math.min(maxValues, MOST_VALUES)
  const { value, shape } = await parseJson(body, 'the price book', { maxValues: most }).catch((error: unknown) => {
    throw error instanceof FetchProblem ? failure(error.reason) : error
  })
  if (shape.deepest > MAX_ENTRY_DEPTH) throw new Error(`the price book is nested deeper than ${MAX_ENTRY_DEPTH} levels`)
  if (Array.isArray(value) && value.length > maxEntries)
    throw new Error(`the price book has ${value.length} entries, more than ${maxEntries}`)
  return value
}
