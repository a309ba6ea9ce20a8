/** Whether a message to the sync webhook is signed as Standard Webhooks says, by somebody who has the secret. */
import { createHmac, timingSafeEqual } from 'node:crypto'
import { UnauthorizedError } from '../../errors.js'

export interface SignedMessage {
  /** Header `webhook-id`. */
  id: string | undefined
  /** Header `webhook-timestamp`, Unix seconds. */
  timestamp: string | undefined
  /** Header `webhook-signature`: one or more of `v1,<base64>` with spaces. */
  signature: string | undefined
  /** As it came. */
  body: Buffer
}

const TOLERANCE_SECONDS = 5 * 60
const LONGEST_ID = 256

/**
 * The message's id.
 * @param secret base64, perhaps behind `whsec_`
 * @param now ms since 1970
 * @throws UnauthorizedError when a header is missing, the time is more than five minutes away, or no signature is right
 * @see https://github.com/standard-webhooks/standard-webhooks/blob/main/spec/standard-webhooks.md (read 2026-11)
 */
export function verifySyncWebhook(
  { id, timestamp, signature, body }: SignedMessage,
  secret: string,
  now: number,
): string {
  if (id === undefined || timestamp === undefined || signature === undefined)
    throw new UnauthorizedError(
      'the message is not signed; send webhook-id, webhook-timestamp and webhook-signature, as Standard Webhooks says',
    )
  if (id === '' || id.length > LONGEST_ID)
    throw new UnauthorizedError(`webhook-id has ${id.length} characters; expected 1 to ${LONGEST_ID}`)
  const seconds = /^\d{1,12}$/.test(timestamp) ? Number(timestamp) : NaN
  if (!(Math.abs(now / 1000 - seconds) <= TOLERANCE_SECONDS))
    throw new UnauthorizedError(
      'webhook-timestamp is no time within five minutes of now; send Unix seconds, and check the clocks',
    )
  const key = Buffer.from(secret.replace(/^whsec_/, ''), 'base64')
  const expected = createHmac('sha256', key).update(`${id}.${timestamp}.`).update(body).digest()
  // Each is compared, so that the time does not tell which one came near.
  const fits = signature.split(' ').filter((one) => matches(one, expected))
  if (fits.length === 0)
    throw new UnauthorizedError('webhook-signature is wrong; sign id.timestamp.body with the secret')
  return id
}

function matches(signature: string, expected: Buffer): boolean {
  const [version, text = ''] = signature.split(',', 2)
  const given = Buffer.from(text, 'base64')
  return given.length === expected.length && timingSafeEqual(given, expected) && version === 'v1'
}
