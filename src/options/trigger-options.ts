/** When to sync, beyond a fixed interval. */
import { Type } from 'typebox'
import { NO_KEY, option } from './define-option.js'

export const scheduleOptions = {
  adaptive: option(
    'MODEL_SYNC_ADAPTIVE',
    Type.Boolean({
      default: false,
      description: 'adapt each provider’s interval to how often its models change, between an hour and a day',
    }),
  ),
  webhookSecret: option(
    'MODEL_SYNC_WEBHOOK_SECRET',
    Type.String({
      pattern: '^(whsec_)?[A-Za-z0-9+/]{32,88}={0,2}$',
      not: { pattern: NO_KEY },
      'x-expected': 'base64 of 24 to 64 random bytes, perhaps behind whsec_ (openssl rand -base64 32)',
      description:
        'secret that signs messages to the sync webhook, base64 of 24 to 64 bytes; if unset, the route is off',
    }),
  ),
}
