/** An answer with a status other than 200, in one line with upstream's own short message. */
import type { HttpAnswer } from './http-client.js'
import { parseLenientJson } from './lenient-json.js'
import type { Cause } from '../core/records/problem.js'
import { FetchProblem, type Remedy } from './fetch-problem.js'

/** Characters of upstream's message that are kept. */
const MAX_MESSAGE = 200

/** How LiteLLM says that it has no models: a status alone does not tell it from a fault. */
const NO_MODELS = /LLM Model List not loaded/i

const REMEDIES: Readonly<Record<number, Remedy>> = { 401: 'key', 403: 'key', 404: 'address' }

/** Statuses of 500 and above and 429 may pass; 501 says that they will not. */
function isTransient(status: number): boolean {
  return status === 429 || (status >= 500 && status !== 501)
}

/** The problem of an answer that is neither 200 nor an expected 304 or redirect. `redact` sees upstream's words before they are cut. */
export async function describeStatus(
  answer: HttpAnswer,
  label: string,
  redact: (text: string) => string,
): Promise<FetchProblem> {
  const { status, headers, proxy } = answer
  const answered = `${label} answered ${status}${proxy === null ? '' : ` through the proxy ${proxy}`}`
  if (status < 400) {
    const nowhere: Cause = { code: 'upstream-redirect', facts: { anotherOrigin: false } }
    return new FetchProblem(nowhere, `${answered}; expected 200 with JSON`, { remedy: 'address' })
  }
  const body = await answer.body.text()
  // nginx says it so, with status 400, where other servers end the handshake.
  if (/SSL certificate (was sent|error)/i.test(body))
    return new FetchProblem(
      { code: 'upstream-tls', facts: { wants: 'ours' } },
      `${answered}: it wants a client certificate`,
      { status, remedy: 'certificate' },
    )
  const isPage = body.trimStart().startsWith('<')
  const said = isPage ? 'an HTML page' : upstreamMessage(body)
  const words = said === null ? '' : ` (${oneLine(redact(said), MAX_MESSAGE)})`
  const code = said !== null && NO_MODELS.test(said) ? 'upstream-without-models' : 'upstream-status'
  return new FetchProblem(
    { code, facts: { status } },
    `${answered}${words}${status === 429 ? '; too many requests' : ''}`,
    {
      status,
      transient: isTransient(status),
      retryAfter: headers['retry-after'] ?? null,
      // A page behind a proxy is the proxy's own, as a rule, and no key of ours helps with that.
      remedy: isPage && proxy !== null ? null : (REMEDIES[status] ?? null),
    },
  )
}

/** `error.message`, `detail` (FastAPI's may be a list), `message` or `error` of a JSON body. `null`: nothing to say. */
function upstreamMessage(body: string): string | null {
  let parsed: unknown
  try {
    parsed = parseLenientJson(body).value
  } catch {
    return null
  }
  const detail = member(parsed, 'detail')
  const found = [
    member(member(parsed, 'error'), 'message'),
    detail,
    member(detail, 'error'),
    member(detail, 'message'),
    member(Array.isArray(detail) ? detail[0] : null, 'msg'),
    member(parsed, 'message'),
    member(parsed, 'error'),
  ]
  return found.find((value): value is string => typeof value === 'string' && value.trim() !== '') ?? null
}

function member(value: unknown, name: string): unknown {
  return typeof value === 'object' && value !== null ? (value as Record<string, unknown>)[name] : undefined
}

/** Controls, line ends and invisible characters become spaces, lone surrogates U+FFFD (the database takes neither); cut at `max` characters. */
export function oneLine(text: string, max: number): string {
  const clean = text.replace(/\p{Surrogate}/gu, '\uFFFD').replace(/[\s\p{Cc}\p{Cf}\p{Zl}\p{Zp}]+/gu, ' ')
  const letters = [...clean.trim()]
  return letters.length > max ? `${letters.slice(0, max - 1).join('')}…` : letters.join('')
}
