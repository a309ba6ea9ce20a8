/** The smallest chat request that an OpenAI-compatible API takes, and what came of it. */
import type { HttpClient } from './http-client.js'
import { listingAddress } from './addresses.js'
import { describeProblem } from '../core/records/problem-text.js'
import { problemOfRequest } from './failed-request.js'
import { type FetchProblem, labelOf, throwIfCancelled } from './fetch-problem.js'
import { told } from './remedy.js'
import { parseLenientJson } from './lenient-json.js'
import { NO_GATEWAY, type Gateway } from './gateway.js'
import { createRedactor } from './redact.js'
import { lowerCased } from './read-page.js'
import { oneLine, problemOfStatus } from './refusal.js'
import type { Source } from '../sources/kit/source.js'

export interface ChatProbeOptions {
  /** The provider's address. */
  address: string
  apiKey: string | null
  /** Default: none. */
  gateway?: Gateway
  client: HttpClient
  /** For the headers, and for each pause of the body, ms. */
  timeoutMs: number
  userAgent: string
  signal: AbortSignal
}

export interface ChatProbeOutcome {
  ok: boolean
  /** In words without secrets; `null`: it answered. */
  reason: string | null
  /** HTTP; `null`: there was no answer. */
  status: number | null
  /** Milliseconds from the request to the end of the answer; `null`: there was none. */
  latencyMs: number | null
}

const PROMPT = 'ping'
const MAX_BODY_BYTES = 1024 * 1024
const MAX_REASON = 500

/**
 * Asks the model for an answer of as few tokens as it may have. What it says is not looked at: that it answers is what counts.
 * @throws CancelledError when the signal is aborted
 */
export async function probeChat(
  source: Pick<Source, 'slug' | 'key' | 'addressVariable'> & { chat: NonNullable<Source['chat']> },
  model: string,
  { address, apiKey, gateway = NO_GATEWAY, client, timeoutMs, userAgent, signal }: ChatProbeOptions,
): Promise<ChatProbeOutcome> {
  const { path, limit = { max_tokens: 1 } } = source.chat
  const url = listingAddress(address, path)
  const keyHeaders = apiKey === null ? {} : lowerCased(source.key.headers(apiKey))
  const redactKeys = createRedactor([
    ...(apiKey === null ? [] : [apiKey, ...Object.values(keyHeaders)]),
    ...Object.values(gateway.headers),
  ])
  const redact = (text: string): string => oneLine(redactKeys(text), MAX_REASON)
  const reasonOf = (problem: FetchProblem): string =>
    describeProblem(told(problem, { source, hasKey: apiKey !== null, redact }))
  const started = performance.now()
  try {
    const answer = await client.request({
      url,
      headers: {
        accept: 'application/json',
        'content-type': 'application/json',
        'user-agent': userAgent,
        ...gateway.headers,
        ...keyHeaders,
      },
      tls: gateway.tls,
      body: JSON.stringify({ model, messages: [{ role: 'user', content: PROMPT }], stream: false, ...limit }),
      timeoutMs,
      maxBodyBytes: MAX_BODY_BYTES,
      signal,
    })
    const latencyMs = Math.round(performance.now() - started)
    const { status } = answer
    if (status !== 200) {
      const problem = await problemOfStatus(answer, labelOf(url, 'POST'), redact)
      return { ok: false, reason: reasonOf(problem), status, latencyMs }
    }
    const isAnswer = hasChoices(await answer.body.text())
    const reason = isAnswer ? null : `${labelOf(url, 'POST')} answered 200 without choices; expected a chat completion`
    return { ok: isAnswer, reason, status, latencyMs }
  } catch (error) {
    throwIfCancelled(signal, source.slug)
    return {
      ok: false,
      reason: reasonOf(problemOfRequest(error, url, timeoutMs, 'POST')),
      status: null,
      latencyMs: null,
    }
  }
}

function hasChoices(text: string): boolean {
  try {
    const body = parseLenientJson(text).value as { choices?: unknown } | null
    return Array.isArray(body?.choices) && body.choices.length > 0
  } catch {
    return false
  }
}
