/** Answers that differ each time in what is of no interest, made comparable. */
import { hash } from 'node:crypto'
import { parseLenientJson } from './lenient-json.js'
import type { AnswerLimits } from './answer-limits.js'
import { HttpBody } from './http-body.js'
import type { HttpAnswer } from './http-client.js'

/** What is longer is compared to the letter: it would be taken apart in one go. */
const SHORT_BYTES = 4 * 1024 * 1024

/** The answer with the SHA-256 of what `comparable` takes from its body; one that is no JSON, or long, as it is. */
export async function comparably(
  answer: HttpAnswer,
  { maxValues }: Pick<AnswerLimits, 'maxValues'>,
  comparable: (body: unknown) => unknown,
): Promise<HttpAnswer> {
  // One with too many values is refused by whoever reads it.
  if (answer.body.bytes > SHORT_BYTES || (await answer.body.shape(maxValues)).values > maxValues) return answer
  const text = await answer.body.text()
  const body = new HttpBody()
  body.append(Buffer.from(text))
  try {
    const compared = JSON.stringify(comparable(parseLenientJson(text).value)) ?? ''
    return { ...answer, body, sha256: hash('sha256', compared, 'hex') }
  } catch {
    return { ...answer, body }
  }
}
