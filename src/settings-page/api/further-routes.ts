/** Routes that only this page asks. */
import { errorOf } from '../../client/api-error.js'
import { http } from './client.js'

/** The catalogue's ETag, which changes with every change of what a read returns. @throws ApiError */
export async function getRevision(signal: AbortSignal): Promise<string | null> {
  const response = await http.send('models', { query: { limit: 1 }, signal }, 'application/json')
  if (!response.ok) throw errorOf(response, await response.json().catch(() => null))
  return response.headers.get('etag')
}

/** POST models/sync/seen: the new models have been looked at. @throws ApiError */
export async function postSeen(): Promise<void> {
  await http.json('models/sync/seen', { method: 'POST' })
}

/** One day of the catalogue in numbers. */
export interface Day {
  /** ISO date. */
  day: string
  added: number
  updated: number
  unavailable: number
  restored: number
  /** Available models by slug at the end of the day. */
  available: Record<string, number>
}

/** GET models/stats/daily. @throws ApiError */
export async function getDays(days: number, signal: AbortSignal): Promise<Day[]> {
  return (await http.get<{ days: Day[] }>('models/stats/daily', { days }, signal)).days
}

/** What a price was from one moment to another. */
export interface PricePeriod {
  validFrom: string
  /** `null`: until now. */
  validTo: string | null
  /** USD per token, decimal string. */
  inputCostPerToken: string | null
  outputCostPerToken: string | null
}

/** One price of GET models/prices. */
interface PriceEntry {
  /** `input`, `output`, or one that this page does not draw. */
  kind: string
  unit: string
  currency: string
  price: string
  validFrom: string
  validTo: string | null
}

/** GET models/prices of one model: from each change of its input or output price to the next, oldest first. @throws ApiError */
export async function getPrices(model: string, signal: AbortSignal): Promise<PricePeriod[]> {
  const { history } = await http.get<{ history: PriceEntry[] }>('models/prices', { model }, signal)
  const own = history.filter(
    ({ kind, unit, currency }) => ['input', 'output'].includes(kind) && unit === 'token' && currency === 'USD',
  )
  const starts = [...new Set(own.map(({ validFrom }) => validFrom))].sort()
  return starts.map((validFrom, index) => {
    const price = (wanted: string) =>
      own.find(
        (one) => one.kind === wanted && one.validFrom <= validFrom && (one.validTo === null || one.validTo > validFrom),
      )?.price ?? null
    const validTo = starts[index + 1] ?? own.find((one) => one.validFrom === validFrom)?.validTo ?? null
    return { validFrom, validTo, inputCostPerToken: price('input'), outputCostPerToken: price('output') }
  })
}

/** The model of a name, which is there and cannot be had. */
export interface Unavailable {
  id: string
  reason: 'omitted' | 'deprecated' | 'excluded' | 'provider-disabled' | 'operator' | 'hidden'
  /** ISO 8601. */
  since: string | null
  /** `null`: not known, or not for whoever asks. */
  actor: string | null
}

/** What a name leads to. */
export interface Resolution {
  requested: string
  type: string
  id: string
  provider: string
  providerModelId: string
  name: string
  mode: string | null
  matchedBy: 'id' | 'name' | 'alias' | 'slug' | 'default' | 'fallback'
  fallback: boolean
  /** Ids of the other models that own the name. */
  alternatives: string[]
  suggestions: string[]
  unavailable?: Unavailable
}

/** Why a name leads to no model. */
export interface Unresolved {
  requested: string
  code: string
  message: string
  suggestions: string[]
  unavailable?: Unavailable
}

/** POST models/resolve: for each name what it leads to, or why to nothing. @throws ApiError */
export async function resolveNames(
  models: string[],
  type: string,
  strict: boolean,
  signal: AbortSignal,
): Promise<(Resolution | Unresolved)[]> {
  const body = { models, type, strict, suggest: true }
  return (await http.json<{ results: (Resolution | Unresolved)[] }>('models/resolve', { method: 'POST', body, signal }))
    .results
}

/** What a probe came to. */
export interface Probe {
  ok: boolean
  /** Milliseconds. */
  latencyMs: number | null
  reason?: string | null
}

/** POST models/probe: the smallest request to one model. @throws ApiError */
export function postProbe(model: string): Promise<Probe> {
  return http.json('models/probe', { method: 'POST', query: { model } })
}
