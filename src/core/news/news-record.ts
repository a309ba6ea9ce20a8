/** NewsRecord: a subscription as an operator sees it, without address and secret. */
import { Type, type Static } from 'typebox'
import { Text } from '../schema/nullable.js'
import { OneOf } from '../schema/one-of.js'
import type { NewsTarget } from './subscription.js'

export const SubscriptionSchema = Type.Object({
  name: Type.String(),
  type: OneOf(['webhook', 'slack', 'email'] satisfies NewsTarget['type'][]),
  /** Or how many people get the e-mail. */
  target: Type.String({ description: 'the host; never the address or the secret' }),
  state: OneOf(['active', 'failing', 'disabled']),
  pending: Type.Integer({ description: 'messages that wait' }),
  /** ISO 8601, as the times below. */
  nextAttemptAt: Text,
  failingSince: Text,
  lastError: Text,
  lastDeliveredAt: Text,
  disabledAt: Text,
  disabledReason: Text,
})
export type NewsRecord = Static<typeof SubscriptionSchema>
