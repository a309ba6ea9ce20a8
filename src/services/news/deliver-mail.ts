/** News by e-mail over SMTP. */
import type { NewsTarget } from '../../core/news/subscription.js'
import { isLoopbackHost } from '../../upstream/loopback-address.js'
import type { Delivery } from '../../store/news/deliveries.js'
import { loadOptional, rethrow, type OptionalPart } from '../../optional-package.js'
import { NewsDeliveryProblem } from './delivery-error.js'
import { describeNews } from './news-text.js'

const MAIL: OptionalPart = { part: 'News by e-mail', packages: ['nodemailer'] }

/** Loads nodemailer when it is needed first. @throws NewsDeliveryProblem without what the server said, which may quote the password */
export async function sendMail(
  { smtpUrl, from, to }: Extract<NewsTarget, { type: 'email' }>,
  message: Delivery,
  timeoutMs: number,
): Promise<void> {
  const { createTransport } = await loadOptional(MAIL, () => import('nodemailer').catch(rethrow)).catch(
    (error: Error) => {
      throw new NewsDeliveryProblem(error.message)
    },
  )
  const timeouts = { connectionTimeout: timeoutMs, greetingTimeout: timeoutMs, socketTimeout: timeoutMs }
  const transport = createTransport({ url: smtpUrl, requireTLS: requiresTls(smtpUrl), ...timeouts })
  const { title, lines, more } = describeNews(message)
  try {
    await transport.sendMail({
      from,
      to: [...to],
      subject: title,
      text: [...lines, ...(more > 0 ? [`… and ${more} more`] : [])].join('\n'),
      // The same at each attempt, so that a reader sees one e-mail where a server delivers two.
      messageId: `<${message.id}@fastify-model-sync>`,
      date: new Date(message.createdAt),
      headers: { 'Auto-Submitted': 'auto-generated' },
    })
  } catch (error) {
    const { code, responseCode } = error as Error & { code?: string; responseCode?: number }
    throw new NewsDeliveryProblem(
      `the mail server did not take it (${[code, responseCode].filter((part) => part !== undefined).join(', ') || (error as Error).name})`,
    )
  } finally {
    transport.close()
  }
}

/** Else whoever is on the way could take STARTTLS out of the server's greeting, and read the password. `?requireTLS=false` in the address asks otherwise. */
export function requiresTls(smtpUrl: string): boolean {
  const { protocol, hostname, searchParams } = new URL(smtpUrl)
  const asked = searchParams.get('requireTLS')
  if (asked !== null) return asked === 'true'
  return protocol === 'smtp:' && searchParams.get('ignoreTLS') !== 'true' && !isLoopbackHost(hostname)
}
