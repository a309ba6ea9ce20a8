/** The subscriptions out of the options, each checked for what its type needs. */
import { compileNewsFilter, type NewsSubscription, type NewsTarget } from '../core/news/subscription.js'
import { OptionsError } from '../errors.js'
import type { SyncSettings } from './settings.js'

/** @throws OptionsError that names the subscription and what it lacks */
export function newsSubscriptions(settings: SyncSettings): NewsSubscription[] {
  const { news = {}, newsSlackUrl } = settings
  if (newsSlackUrl !== undefined && 'slack' in news)
    throw new OptionsError('MODEL_SYNC_NEWS_SLACK_URL (newsSlackUrl) is the subscription "slack", which news has too')
  const all = newsSlackUrl === undefined ? news : { ...news, slack: { type: 'slack' as const, url: newsSlackUrl } }
  return Object.entries(all).map(([name, subscription]) => {
    try {
      return { name, target: targetOf(subscription, settings), wants: compileNewsFilter(subscription) }
    } catch (error) {
      throw new OptionsError(`MODEL_SYNC_NEWS (news.${name}): ${(error as Error).message}`)
    }
  })
}

type Subscription = NonNullable<SyncSettings['news']>[string]

/** What each type takes of these. */
const TAKES = { webhook: ['url', 'secret'], slack: ['url'], email: ['to'] } as const
const NOUNS = { webhook: 'a webhook', slack: 'a slack', email: 'an e-mail' } as const

function targetOf(subscription: Subscription, { smtpUrl, newsFrom: from }: SyncSettings): NewsTarget {
  const { type, url, secret, to } = subscription
  const takes: readonly string[] = TAKES[type]
  // Whoever sets a secret where none is used believes that messages are signed.
  const useless = (['url', 'secret', 'to'] as const).find(
    (name) => subscription[name] !== undefined && !takes.includes(name),
  )
  if (useless !== undefined)
    throw new Error(`${NOUNS[type]} takes no \`${useless}\`, only ${takes.map((name) => `\`${name}\``).join(' and ')}`)
  if (type === 'email') {
    if (to === undefined || smtpUrl === undefined || from === undefined)
      throw new Error('an e-mail needs `to`, MODEL_SYNC_SMTP_URL (smtpUrl) and MODEL_SYNC_NEWS_FROM (newsFrom)')
    return { type, to, from, smtpUrl }
  }
  if (url === undefined || !URL.canParse(url)) throw new Error(`a ${type} needs a \`url\``)
  if (type === 'slack') return { type, url }
  if (secret === undefined) throw new Error('a webhook needs a `secret`: whsec_ and base64 of 24 to 64 bytes')
  return { type, url, secret }
}
