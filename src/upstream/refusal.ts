/** problemOfStatus: what an answer with a status other than 200 says, with upstream's own short message. */
import type { HttpAnswer } from './http-client.js'
import { parseLenientJson } from './lenient-json.js'
import { FetchProblem } from './fetch-problem.js'

/** Characters of upstream's message that are kept. */
const MAX_MESSAGE = 200

/** How LiteLLM says that it has no models: it has no code for that, and its status is also that of a fault. */
const NO_MODELS = /LLM Model List not loaded/i

/** The problem of an answer that is neither 200 nor an expected 304 or redirect. `redact` sees upstream's words before they are cut. */
export async function problemOfStatus(
  answer: HttpAnswer,
  request: string,
  redact: (text: string) => string,
): Promise<FetchProblem> {
  const { status, headers, proxy: through } = answer
  if (status < 400)
    return new FetchProblem({
      code: 'upstream-redirect',
      facts: { request, anotherOrigin: false, how: 'no-json', status, through },
    })
  const body = await answer.body.text()
  // nginx says it in words alone, with status 400, where other servers end the handshake.
  if (/SSL certificate (was sent|error)/i.test(body))
    return new FetchProblem({ code: 'upstream-tls', facts: { request, wants: 'ours', status, through } })
  const page = body.trimStart().startsWith('<')
  const words = page ? null : upstreamMessage(body)
  const code = words !== null && NO_MODELS.test(words) ? 'upstream-without-models' : 'upstream-status'
  const said = words === null ? null : oneLine(redact(words), MAX_MESSAGE)
  return new FetchProblem({ code, facts: { request, status, through, said, page } }, headers['retry-after'] ?? null)
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
