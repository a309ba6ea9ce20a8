/** The direct loader: the list of active models straight from its address, with the built-in fetch; for processes without a database. */
import { createHash } from 'node:crypto'
import { etagOf, isUnchanged, renewed, type Validator } from '../../upstream/validators.js'
import type { ProxyRules } from '../../upstream/proxy-rules.js'
import { DEFAULT_LIMITS, MAX_RAW_ENTRY_BYTES } from '../../upstream/answer-limits.js'
import { parseLenientJson } from '../../upstream/lenient-json.js'
import { JsonShape } from '../../upstream/json-shape.js'
import { readActiveModels } from './read-active-models.js'
import { directFetch } from './direct-fetch.js'
import { readSnapshot, writeSnapshot } from './active-models-snapshot.js'
import type { LoadedModels, ModelLoader } from './model-loader.js'

export interface DirectLoaderOptions {
  /** Address of the list, http or https. */
  url: string
  /** A file that the last good list is kept in, so that a restart is warm; unset: none. */
  snapshotPath?: string
  /** For the whole answer, ms. Default 10,000. */
  timeoutMs?: number
  /** Default: the built-in one, or one through `proxy`. */
  fetch?: typeof fetch
  proxy?: ProxyRules | null
  /** Sent with each request. Default: none. */
  headers?: Readonly<Record<string, string>>
  /** Wall clock, ms since 1970. */
  now?(): number
  /** Told of a snapshot that could not be read or written; the list is served all the same. */
  failed?(error: Error): void
}

const TIMEOUT_MS = 10_000

/** An answer that is unchanged brings no models. */
export function createDirectLoader(options: DirectLoaderOptions): ModelLoader {
  const { url, snapshotPath, timeoutMs = TIMEOUT_MS, proxy = null, now = Date.now, failed = () => undefined } = options
  const send = options.fetch ?? directFetch({ url, timeoutMs, proxy })
  let known: Validator | null = null

  async function take(response: Response): Promise<LoadedModels> {
    const { status } = response
    const headers = { etag: response.headers.get('etag') ?? undefined }
    const isEmpty = status === 304 && known !== null
    if (isEmpty || !response.ok) await response.body?.cancel()
    if (!isEmpty && !response.ok) throw new Error(`${nameOf(url)} answered ${status}`)
    const body = isEmpty ? '' : await readText(response)
    const answer = { status, headers, sha256: createHash('sha256').update(body).digest('hex') }
    if (known !== null && isUnchanged(answer, known)) {
      // An edge may give another ETag for the same body, and asking with the old one would fetch it whole each time.
      known = renewed(answer, known)
      return { models: null, rejected: 0, etag: known.etag, hash: known.sha256 }
    }
    const { models, rejected, withdrawn } = await readBody(body)
    const etag = etagOf(answer)
    // Only now: of a body that could not be read, or has no models, the next answer must not be told "unchanged".
    if (models.length > 0) {
      known = { etag, sha256: answer.sha256 }
      if (snapshotPath !== undefined)
        void writeSnapshot(snapshotPath, { url, etag, savedAt: now(), body }).catch(failed)
    }
    return { models, rejected, withheld: withdrawn, etag, hash: answer.sha256 }
  }

  async function readBody(body: string): ReturnType<typeof readActiveModels> {
    try {
      return await readActiveModels(parseLenientJson(body).value)
    } catch (error) {
      throw new Error(`${nameOf(url)} gave no list of models: ${(error as Error).message}`, { cause: error })
    }
  }

  return {
    load: async (signal) => {
      let response: Response
      const timeout = AbortSignal.timeout(timeoutMs)
      try {
        response = await send(url, {
          headers: {
            accept: 'application/json',
            ...options.headers,
            ...(known?.etag == null ? {} : { 'if-none-match': known.etag }),
          },
          signal: AbortSignal.any([signal, timeout]),
        })
        return await take(response)
      } catch (error) {
        if (timeout.aborted) throw new Error(`${nameOf(url)} did not answer within ${timeoutMs} ms`, { cause: error })
        throw describe(error as Error, url)
      }
    },
    warm: async () => (snapshotPath === undefined ? null : warm(snapshotPath, { url, now, failed })),
  }
}

async function warm(
  snapshotPath: string,
  { url, now, failed }: Required<Pick<DirectLoaderOptions, 'url' | 'now' | 'failed'>>,
): ReturnType<NonNullable<ModelLoader['warm']>> {
  try {
    const snapshot = await readSnapshot(snapshotPath, url)
    if (snapshot === null) return null
    const { models, rejected, withdrawn } = await readActiveModels(parseLenientJson(snapshot.body).value)
    return { models, rejected, withheld: withdrawn, ageMs: Math.max(0, now() - snapshot.savedAt) }
  } catch (error) {
    failed(new Error(`the snapshot ${snapshotPath} cannot be read: ${(error as Error).message}`, { cause: error }))
    return null
  }
}

/** @throws when it is larger than any list can be, or would become so */
async function readText(response: Response): Promise<string> {
  const { maxBodyBytes, maxValues } = DEFAULT_LIMITS
  const chunks: Uint8Array[] = []
  const shape = new JsonShape()
  let bytes = 0
  for await (const chunk of response.body ?? []) {
    bytes += chunk.length
    if (bytes > maxBodyBytes) throw new Error(`the answer is larger than ${maxBodyBytes} bytes`)
    shape.add(chunk)
    if (shape.values > maxValues || shape.longest > MAX_RAW_ENTRY_BYTES)
      throw new Error(`the answer has more than ${maxValues} values, or an entry over ${MAX_RAW_ENTRY_BYTES} bytes`)
    chunks.push(chunk)
  }
  return Buffer.concat(chunks).toString('utf8')
}

/** The built-in fetch says `fetch failed` and keeps the reason in the cause. */
function describe(error: Error, url: string): Error {
  const cause = error.cause as { code?: string; message: string } | undefined
  if (error.message !== 'fetch failed') return error
  const reason = cause?.code === 'PROXY' ? cause.message : cause?.code
  return new Error(`${nameOf(url)} cannot be reached${reason === undefined ? '' : `: ${reason}`}`, { cause: error })
}

/** Without what may be secret in it. */
function nameOf(url: string): string {
  const { origin, pathname } = new URL(url)
  return `${origin}${pathname}`
}
