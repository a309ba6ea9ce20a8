/** Who is told what has changed, and how the messages go out. */
import { Type } from 'typebox'
import { NEWS_KINDS, type NewsKind } from '../core/news/subscription.js'
import { ADDRESS, bySlug, MAIL, NO_KEY, option, SLUG } from './define-option.js'

const DELIVERY_SECRET = {
  pattern: '^whsec_[A-Za-z0-9+/]{32,88}={0,2}$',
  not: { pattern: NO_KEY },
  'x-expected': 'whsec_ and base64 of 24 to 64 random bytes (openssl rand -base64 32)',
}

const filter = {
  providers: Type.Optional(
    Type.Array(Type.String(SLUG), {
      minItems: 1,
      description: 'slugs: only news of these providers; if unset, of all',
    }),
  ),
  kinds: Type.Optional(
    Type.Array(Type.Unsafe<NewsKind>({ type: 'string', enum: NEWS_KINDS as unknown as string[] }), {
      minItems: 1,
      description: 'only news of these kinds; if unset, all',
    }),
  ),
  models: Type.Optional(
    Type.Array(Type.String(), {
      minItems: 1,
      description: 'public ids, globs (openrouter/*) or /regular expressions/',
    }),
  ),
}

const subscription = Type.Object(
  {
    type: Type.Unsafe<'webhook' | 'slack' | 'email'>({
      type: 'string',
      enum: ['webhook', 'slack', 'email'],
      description: 'how messages are sent',
    }),
    url: Type.Optional(
      Type.String({
        pattern: ADDRESS,
        format: 'http-address',
        description: 'address of the webhook, for `webhook` and `slack`',
      }),
    ),
    secret: Type.Optional(
      Type.String({
        ...DELIVERY_SECRET,
        description: 'signs messages to a webhook: whsec_ and base64 of 24 to 64 bytes',
      }),
    ),
    to: Type.Optional(Type.Array(Type.String(MAIL), { minItems: 1, description: 'recipients of an e-mail' })),
    ...filter,
  },
  { additionalProperties: false },
)

export const newsOptions = {
  news: option(
    'MODEL_SYNC_NEWS',
    bySlug(subscription, {
      description: 'subscriptions to changes by webhook, Slack or e-mail, each under a name of your choice; as JSON',
    }),
  ),
  newsSlackUrl: option(
    'MODEL_SYNC_NEWS_SLACK_URL',
    Type.String({
      pattern: ADDRESS,
      format: 'http-address',
      description: 'a Slack-compatible incoming webhook that gets all news',
    }),
  ),
  newsAllowPrivateTargets: option(
    'MODEL_SYNC_NEWS_ALLOW_PRIVATE',
    Type.Boolean({ default: false, description: 'allow webhooks to private, loopback and link-local addresses' }),
  ),
  smtpUrl: option(
    'MODEL_SYNC_SMTP_URL',
    Type.String({
      pattern: '^smtps?://',
      'x-expected': 'an address such as smtp://user:password@host:587',
      description:
        'mail server for news by e-mail, such as smtp://user:password@host:587; needs the package nodemailer',
    }),
  ),
  newsFrom: option('MODEL_SYNC_NEWS_FROM', Type.String({ ...MAIL, description: 'sender of news by e-mail' })),
}
