/** deliverNews: sends one message of the news, to an address of the receiver's (signed), to Slack or the like, or as an e-mail. */
import { createHmac } from 'node:crypto'
import type { NewsTarget } from '../../core/news/subscription.js'
import { retryAfterMs } from '../../upstream/retry.js'
import type { HttpClient } from '../../upstream/http-client.js'
import { ProxyError } from '../../upstream/proxy-error.js'
import type { Delivery } from '../../store/news/deliveries.js'
import { sendMail } from './deliver-mail.js'
import { NewsDeliveryProblem } from './delivery-error.js'
import { describeNews } from './news-text.js'

export interface NewsDeliveryOptions {
  client: Pick<HttpClient, 'request'>
  userAgent: string
  /** For the headers of the answer, ms. */
  timeoutMs: number
  now(): number
}

// What a receiver says beyond its status is of no use.
const ANSWER_BYTES = 64 * 1024
// Slack's own bounds are 50 blocks and 3,000 characters in each.
const SLACK_LINES = 20
const SLACK_CHARACTERS = 2900

/** @throws NewsDeliveryProblem */
export async function deliverNews(
  options: NewsDeliveryOptions,
  target: NewsTarget,
  message: Delivery,
  signal: AbortSignal,
): Promise<void> {
  if (target.type === 'email') return sendMail(target, message, options.timeoutMs)
  const content = JSON.stringify(target.type === 'slack' ? slackBody(message) : deliveryBody(message))
  const headers =
    target.type === 'slack'
      ? {}
      : signDelivery(target.secret, { id: message.id, seconds: Math.floor(options.now() / 1000), content })
  return post(options, new URL(target.url), headers, content, signal)
}

/** @see https://github.com/standard-webhooks/standard-webhooks/blob/main/spec/standard-webhooks.md (read 2026-11) */
function signDelivery(
  secret: string,
  { id, seconds, content }: { id: string; seconds: number; content: string },
): Record<string, string> {
  const key = Buffer.from(secret.replace(/^whsec_/, ''), 'base64')
  const signature = createHmac('sha256', key).update(`${id}.${seconds}.${content}`).digest('base64')
  return { 'webhook-id': id, 'webhook-timestamp': String(seconds), 'webhook-signature': `v1,${signature}` }
}

function deliveryBody({ type, createdAt, data }: Delivery): object {
  return { type, timestamp: createdAt, data }
}

function slackBody(message: Delivery): object {
  const { title, lines, more } = describeNews(message)
  const shown = lines.slice(0, SLACK_LINES).map((line) => `• ${line}`)
  const hidden = more + lines.length - shown.length
  if (hidden > 0) shown.push(`… and ${hidden} more`)
  const text = shown.join('\n')
  return {
    text: escapeSlack(title),
    mrkdwn: false,
    blocks: [
      { type: 'section', text: plainText(title) },
      // Cut at a line, so that no escaped character is.
      { type: 'section', text: plainText(cutAtLine(text, SLACK_CHARACTERS)) },
    ],
  }
}

/** Nothing in it becomes bold, a link, a mention or an emoji. */
function plainText(text: string): object {
  return { type: 'plain_text', text, emoji: false }
}

/** @see https://docs.slack.dev/messaging/formatting-message-text (read 2026-11) */
function escapeSlack(text: string): string {
  return text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;')
}

function cutAtLine(text: string, most: number): string {
  if (text.length <= most) return text
  const end = text.lastIndexOf('\n', most)
  return end < 1 ? '…' : `${text.slice(0, end)}\n…`
}

function describeNoAnswer(error: NodeJS.ErrnoException, host: string): string {
  const allow = 'MODEL_SYNC_NEWS_ALLOW_PRIVATE (newsAllowPrivateTargets) lets news go there'
  if (error.code === 'PRIVATE_ADDRESS') return `${host} is at a private, loopback or link-local address; ${allow}`
  if (error.code === 'UNCHECKED_ADDRESS')
    return `${host} cannot be resolved here, and the proxy is not asked for an address that was not checked; ${allow}`
  if (error instanceof ProxyError) return `${host} was not reached: ${error.message}`
  return `${host} gave no answer (${error.code ?? error.name})`
}

async function post(
  { client, userAgent, timeoutMs, now }: NewsDeliveryOptions,
  url: URL,
  headers: Record<string, string>,
  content: string,
  signal: AbortSignal,
): Promise<void> {
  const request = {
    url,
    body: content,
    headers: { ...headers, 'content-type': 'application/json', 'user-agent': userAgent },
    timeoutMs,
    maxBodyBytes: ANSWER_BYTES,
    signal,
  }
  const answer = await client.request(request).catch((error: NodeJS.ErrnoException) => {
    // Of an answer of 200, which is all that counts.
    if (error.code === 'BODY_TOO_LARGE') return null
    throw new NewsDeliveryProblem(describeNoAnswer(error, url.host))
  })
  if (answer === null) return
  const { status } = answer
  if (status >= 200 && status < 300) return
  const asked = answer.headers['retry-after']
  throw new NewsDeliveryProblem(
    status >= 300 && status < 400
      ? `${url.host} answered ${status}; a redirect is not followed, set the address that it leads to`
      : `${url.host} answered ${status}`,
    asked === undefined ? null : retryAfterMs(asked, now()),
    status === 410,
  )
}
