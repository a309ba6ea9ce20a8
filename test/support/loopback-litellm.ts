/** A LiteLLM proxy on 127.0.0.1 in LiteLLM's true shape, with faults that can be set while it runs. */
import { createHash } from 'node:crypto'
import { createServer, type IncomingHttpHeaders, type IncomingMessage, type ServerResponse } from 'node:http'
import { once } from 'node:events'
import type { AddressInfo } from 'node:net'
import { Readable } from 'node:stream'
import { pipeline } from 'node:stream/promises'
import { manyRows, random, shuffled, withShuffledKeys, type ModelRow } from './litellm-rows.js'

export { manyRows, modelRow, random, type ModelRow, type RowOptions } from './litellm-rows.js'

const COST_MAP = '/public/litellm_model_cost_map'

/** The listings; `/v1/model/info` and `/models` are the same handlers, as in LiteLLM. */
export type LoopbackPath = '/model/info' | '/v1/models' | '/model/deprecations' | typeof COST_MAP

/** What a path does in place of its answer; `times`: for so many requests, then no more. */
export type Fault = { times?: number } & (
  | { kind: 'status'; status: number; message?: string; headers?: Record<string, string> }
  | { kind: 'delay'; ms: number }
  /** Never answers. */
  | { kind: 'hang' }
  /** Sends its headers and half of the body, then nothing more. */
  | { kind: 'stall' }
  /** Half of the body, then a proper end. */
  | { kind: 'truncate' }
  /** Half of the body, then the connection breaks. */
  | { kind: 'reset' }
  /** A proxy's page in place of JSON. */
  | { kind: 'html'; status?: number }
  | { kind: 'empty-body' }
  | { kind: 'large'; megabytes: number }
  /** `{"data":[]}` */
  | { kind: 'no-models' }
  /** What LiteLLM answers while no model is configured: 500. */
  | { kind: 'not-loaded' }
  | { kind: 'json'; body: unknown }
  | { kind: 'redirect'; location: string }
)

/** @public declarations of tests name it */
export interface LoopbackRequest {
  method: string
  /** Path with its query. */
  url: string
  headers: IncomingHttpHeaders
}

export interface LoopbackOptions {
  /** Default: a few of {@link manyRows}. */
  models?: ModelRow[]
  /** `null`: the proxy asks for none. */
  key?: string | null
  /** What /v1/models gives in place of a wildcard; without an entry it stands there verbatim. */
  wildcards?: Record<string, string[]>
}

export type LoopbackLiteLLM = Awaited<ReturnType<typeof startLoopbackLiteLLM>>

const CREATED = 1_677_610_602
const NOT_LOADED = {
  detail: {
    error:
      'LLM Model List not loaded in. Make sure you passed models in your config.yaml or on the LiteLLM Admin UI. - https://docs.litellm.ai/docs/proxy/configs',
  },
}

/** Starts the proxy. `models` may be changed in place at any time; `close()` ends every connection. */
export async function startLoopbackLiteLLM(options: LoopbackOptions = {}) {
  const models = options.models ?? manyRows(5)
  const key = options.key === undefined ? 'sk-loopback-master' : options.key
  const wildcards = options.wildcards ?? {}
  const requests: LoopbackRequest[] = []
  const bookRequests: LoopbackRequest[] = []
  const faults = new Map<LoopbackPath, Fault>()
  const bodies = new Map<LoopbackPath, string | Buffer>()
  const state = {
    etag: false,
    limitsInNames: false,
    ends: null as Ends | null,
    costMap: null as object | null,
    unnamed: [] as readonly string[],
    keyInfo: null as unknown,
    shuffle: null as number | null,
    shuffleKeys: null as number | null,
  }
  // A virtual key of type "LLM API": names only.
  const restrictedKey = 'sk-loopback-restricted'

  function bodyOf(path: LoopbackPath): string | Buffer {
    const fixed = bodies.get(path)
    if (fixed !== undefined) return fixed
    if (path === COST_MAP) return JSON.stringify(state.costMap)
    if (path === '/model/deprecations') return JSON.stringify(listEnds(state.ends ?? {}))
    const rows = state.shuffle === null ? models : shuffled(models, random(state.shuffle))
    const named = rows.filter(
      ({ model_name, model_info }) => model_info['blocked'] !== true && !state.unnamed.includes(model_name),
    )
    const data = path === '/model/info' ? rows : listNames(named, wildcards, state.limitsInNames)
    const body = path === '/model/info' ? { data } : { data, object: 'list' }
    return JSON.stringify(state.shuffleKeys === null ? body : withShuffledKeys(body, random(state.shuffleKeys)))
  }

  async function serve(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const url = request.url ?? ''
    const asked = url.split('?', 1)[0] ?? ''
    // A book is no listing, and read at another time.
    const seen = asked === COST_MAP ? bookRequests : requests
    seen.push({ method: request.method ?? '', url, headers: request.headers })
    if (asked === '/health/liveliness' || asked === '/health/liveness') return sendJson(response, 200, "I'm alive!")
    if (asked === '/v1/chat/completions') return serveChat(await bodyTextOf(request), models, response)
    if (asked === '/key/info' && typeof state.keyInfo === 'number')
      return sendError(response, state.keyInfo, 'no key info')
    if (asked === '/key/info' && state.keyInfo !== null) return sendJson(response, 200, state.keyInfo)
    const path: LoopbackPath | null = /^(\/v1)?\/model\/info$/.test(asked)
      ? '/model/info'
      : /^(\/v1)?\/models$/.test(asked)
        ? '/v1/models'
        : /^(\/v1)?\/model\/deprecations$/.test(asked) && state.ends !== null
          ? '/model/deprecations'
          : asked === COST_MAP && state.costMap !== null
            ? COST_MAP
            : null
    if (path === null) return sendJson(response, 404, { detail: 'Not Found' })

    const given = request.headers.authorization?.replace(/^Bearer /, '')
    if (key !== null && given !== key && given !== restrictedKey) return sendError(response, 401, refusalOf(given))
    if (given === restrictedKey && path !== '/v1/models') {
      const message = `Virtual key is not allowed to call this route. Only allowed to call routes: ['llm_api_routes']. Tried to call route: ${asked}`
      return sendError(response, 403, message)
    }

    const fault = faults.get(path)
    if (fault?.times !== undefined && --fault.times <= 0) faults.delete(path)
    if (fault !== undefined && fault.kind !== 'delay') return serveFault(fault, response, () => bodyOf(path))
    if (fault !== undefined) await new Promise((resolve) => setTimeout(resolve, fault.ms))
    const body = bodyOf(path)
    const etag = `"${createHash('sha256').update(body).digest('base64url')}"`
    if (state.etag) response.setHeader('etag', etag)
    if (state.etag && request.headers['if-none-match'] === etag) {
      response.writeHead(304).end()
      return
    }
    response.writeHead(200, { 'content-type': 'application/json', 'content-length': Buffer.byteLength(body) }).end(body)
  }

  const server = createServer((request, response) => {
    serve(request, response).catch((error: unknown) => response.destroy(error as Error))
  })
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    key: key ?? '',
    restrictedKey,
    /** All so far, in order. */
    requests,
    /** Those for LiteLLM's map of prices. */
    bookRequests,
    models,
    wildcards,
    /** What `path` does from now on; `null`: answers again. */
    setFault(path: LoopbackPath, fault: Fault | null): void {
      if (fault === null) faults.delete(path)
      else faults.set(path, { ...fault })
    },
    /** Answers with an ETag, and 304 when it is sent back. */
    setEtag(on: boolean): void {
      state.etag = on
    },
    /** /v1/models states limits, as newer versions do. */
    setLimitsInNames(on: boolean): void {
      state.limitsInNames = on
    },
    /** /v1/models lacks these beside the blocked ones. */
    setUnnamed(names: readonly string[]): void {
      state.unnamed = names
    },
    /** What /key/info answers, or its status; `null`: 404, as for the master key. */
    setKeyInfo(answer: unknown): void {
      state.keyInfo = answer
    },
    /** /model/deprecations lists these, as versions from 1.109 on do; `null`: it is not there. */
    setEnds(ends: Ends | null): void {
      state.ends = ends
    },
    /** What LiteLLM's map of prices says; `null`: it is not there. */
    setCostMap(map: object | null): void {
      state.costMap = map
    },
    /** Another order of the rows for each seed; `null`: as they are. */
    setShuffle(seed: number | null): void {
      state.shuffle = seed
    },
    /** The same for the members of each object. */
    setShuffleKeys(seed: number | null): void {
      state.shuffleKeys = seed
    },
    /** Serves these bytes whatever the models are, for benchmarks; `null`: no more. */
    setBody(path: LoopbackPath, body: string | Buffer | null): void {
      if (body === null) bodies.delete(path)
      else bodies.set(path, body)
    },
    async close(): Promise<void> {
      const closed = once(server, 'close')
      server.close()
      server.closeAllConnections()
      await closed
    },
  }
}

async function bodyTextOf(request: IncomingMessage): Promise<string> {
  let text = ''
  for await (const chunk of request.setEncoding('utf8')) text += String(chunk)
  return text
}

/** A model of the list answers, another name is refused in LiteLLM's words. */
function serveChat(body: string, models: readonly ModelRow[], response: ServerResponse): void {
  const { model } = JSON.parse(body) as { model: string }
  if (!models.some(({ model_name }) => model_name === model)) {
    const message = `/chat/completions: Invalid model name passed in model=${model}. Call \`/v1/models\` to view available models for your key.`
    return sendError(response, 400, message)
  }
  const choices = [{ index: 0, finish_reason: 'length', message: { role: 'assistant', content: 'p' } }]
  sendJson(response, 200, { id: 'chatcmpl-loopback', object: 'chat.completion', created: CREATED, model, choices })
}

async function serveFault(
  fault: Exclude<Fault, { kind: 'delay' }>,
  response: ServerResponse,
  bodyOf: () => string | Buffer,
): Promise<void> {
  switch (fault.kind) {
    case 'status':
      for (const [name, value] of Object.entries(fault.headers ?? {})) response.setHeader(name, value)
      return sendError(response, fault.status, fault.message ?? `status ${fault.status}`)
    case 'hang':
      return
    case 'stall':
    case 'truncate':
    case 'reset': {
      const body = Buffer.from(bodyOf())
      response.writeHead(200, { 'content-type': 'application/json' })
      // Once the half has left, so that the client has seen it.
      await new Promise<void>((resolve) => response.write(body.subarray(0, body.length >> 1), () => resolve()))
      if (fault.kind === 'truncate') response.end()
      if (fault.kind === 'reset') response.destroy()
      return
    }
    case 'html':
      response
        .writeHead(fault.status ?? 200, { 'content-type': 'text/html' })
        .end('<!doctype html><title>Sign in</title><h1>Sign in</h1>')
      return
    case 'empty-body':
      response.writeHead(200, { 'content-type': 'application/json', 'content-length': 0 }).end()
      return
    case 'large':
      return serveLarge(response, fault.megabytes)
    case 'no-models':
      return sendJson(response, 200, { data: [] })
    case 'not-loaded':
      return sendJson(response, 500, NOT_LOADED)
    case 'json':
      return sendJson(response, 200, fault.body)
    case 'redirect':
      response.writeHead(302, { location: fault.location }).end()
  }
}

// Valid JSON to its end, as fast as the client takes it.
async function serveLarge(response: ServerResponse, megabytes: number): Promise<void> {
  const chunk = Buffer.alloc(1_048_576, ' ')
  response.writeHead(200, { 'content-type': 'application/json' })
  const body = function* () {
    yield Buffer.from('{"data":[')
    for (let sent = 0; sent < megabytes; sent++) yield chunk
    yield Buffer.from(']}')
  }
  // A client that hangs up ends it early, which is no error here.
  await pipeline(Readable.from(body()), response).catch(() => undefined)
}

function sendJson(response: ServerResponse, status: number, body: unknown): void {
  response.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify(body))
}

function sendError(response: ServerResponse, status: number, message: string): void {
  sendJson(response, status, { error: { message, type: 'auth_error', param: 'None', code: String(status) } })
}

// LiteLLM repeats part of the key and its hash: what must never end up in a log of ours.
function refusalOf(given: string | undefined): string {
  if (given === undefined) return 'Authentication Error, No api key passed in.'
  const hash = createHash('sha256').update(given).digest('hex')
  return `Authentication Error, Invalid proxy server token passed. Received API Key = sk-...${given.slice(-4)}, Key Hash (Token) =${hash}. Unable to find token in cache or \`LiteLLM_VerificationTokenTable\``
}

/** Days on which models end, and what to move to. */
type Ends = Record<string, [date: string, successor: string | null]>

// Another answer each time, for what it says of itself.
function listEnds(ends: Ends): unknown {
  const upcoming = Object.entries(ends).map(([model_name, [deprecation_date, successor_model]]) => ({
    ...{ model_name, team_public_model_name: null, litellm_model: model_name, deprecation_date },
    ...{ days_until_deprecation: Math.floor(performance.now()), status: 'upcoming', litellm_provider: 'openai' },
    ...{ successor_model, successor_model_source: 'model_cost_map', deprecation_source: null },
  }))
  return { deprecated: [], imminent: [], upcoming, warn_within_days: 30, checked_at: new Date().toISOString() }
}

function listNames(rows: readonly ModelRow[], wildcards: Record<string, string[]>, limits: boolean): unknown[] {
  const byName = new Map<string, Record<string, unknown>>()
  for (const { model_name, model_info } of rows) {
    for (const id of wildcards[model_name] ?? [model_name]) {
      const entry = { id, object: 'model', created: CREATED, owned_by: 'openai' }
      const { max_input_tokens, max_output_tokens } = model_info
      const known = limits && typeof max_input_tokens === 'number' && !model_name.includes('*')
      byName.set(id, known ? { ...entry, max_input_tokens, max_output_tokens } : entry)
    }
  }
  return [...byName.values()]
}
