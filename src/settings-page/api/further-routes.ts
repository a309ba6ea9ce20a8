/** Routes that only this page asks. */
import { errorOf } from '../../client/api-error.js'
import type { DayStats, PricePeriod, ProbeRecord, RefusedName, Resolution } from '../../client/contract.js'
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

/** GET models/stats/daily. @throws ApiError */
export async function getDays(days: number, signal: AbortSignal): Promise<DayStats[]> {
  return (await http.get<{ days: DayStats[] }>('models/stats/daily', { days }, signal)).days
}

/** What a price was from one moment to another. */
export interface PriceSpan {
  validFrom: string
  /** `null`: until now. */
  validTo: string | null
  /** USD per token, decimal string. */
  inputCostPerToken: string | null
  outputCostPerToken: string | null
}

/** GET models/prices of one model: from each change of its input or output price to the next, oldest first. @throws ApiError */
export async function getPrices(model: string, signal: AbortSignal): Promise<PriceSpan[]> {
  const { history } = await http.get<{ history: PricePeriod[] }>('models/prices', { model }, signal)
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

/** POST models/resolve: for each name what it leads to, or why to nothing. @throws ApiError */
export async function resolveNames(
  models: string[],
  type: string,
  strict: boolean,
  signal: AbortSignal,
): Promise<(Resolution | RefusedName)[]> {
  const body = { models, type, strict, suggest: true }
  return (
    await http.json<{ results: (Resolution | RefusedName)[] }>('models/resolve', { method: 'POST', body, signal })
  ).results
}

/** POST models/probe: the smallest request to one model. @throws ApiError */
export function postProbe(model: string): Promise<ProbeRecord> {
  return http.json('models/probe', { method: 'POST', query: { model } })
}
