/** A message of the news in words, for people: a title, and a line for each thing that has happened. */
import type { NewDoubt } from '../../core/records/sync-result.js'
import type { DeprecationRecord } from '../../core/records/deprecation-record.js'
import { oneLine } from '../../core/input/one-line.js'
import type { NewsChange } from '../../core/news/subscription.js'
import { describePricePerMillion } from '../../core/model/price-text.js'
import type { DriftingNews } from '../../store/news/read-untold.js'
import type { Delivery } from '../../store/news/deliveries.js'

export interface NewsText {
  title: string
  /** Without mark-up, each one line; one may hold whatever upstream says. */
  lines: string[]
  /** Lines beyond those that the message holds. */
  more: number
}

const MOST_CHARACTERS = 120
const MOST_MEMBERS = 50
const VERBS: Record<string, string> = { unavailable: 'no longer available' }

/** Throws nothing: what it does not know it shows as JSON. */
export function describeNews(message: Pick<Delivery, 'type' | 'data'>): NewsText {
  const { title, lines, more } = describe(message)
  return { title: oneLine(title), lines: lines.map(oneLine), more }
}

function describe({ type, data }: Pick<Delivery, 'type' | 'data'>): NewsText {
  if (type === 'models.changed') return describeChanges(data as unknown as ChangesData)
  if (type === 'models.deprecating') return describeEnding(data as unknown as EndingData)
  if (type === 'models.doubted') return describeDoubts(data as unknown as DoubtsData)
  if (type === 'sync.failed') {
    const { errors } = data as { errors: string[] }
    return { title: 'Model sync: something needs a look', lines: errors, more: 0 }
  }
  if (type === 'provider.drift') return describeDrift((data as { members: DriftingNews[] }).members)
  return { title: 'Model news: this is a test', lines: ['The news of the model catalogue arrive here.'], more: 0 }
}

interface ChangesData {
  counts: Record<string, number>
  changes: NewsChange[]
}

function describeChanges({ counts, changes }: ChangesData): NewsText {
  const parts = Object.entries(counts).map(([kind, count]) => `${count} ${VERBS[kind] ?? kind}`)
  const models = new Set(changes.map(({ kind, modelId }) => `${kind} ${modelId}`)).size
  const all = Object.values(counts).reduce((sum, count) => sum + count, 0)
  return { title: `Models: ${parts.join(', ')}`, lines: changes.map(describeChange), more: all - models }
}

function describeChange({ kind, modelId, field, from, to, tokenCost }: NewsChange): string {
  if (kind === 'added') return `${modelId} added: ${tokenCost ?? ''}`
  if (kind === 'renamed') return `${modelId} was ${String(from)} before`
  if (kind === 'unavailable') return `${modelId} is no longer available (${shown(to)})`
  if (kind === 'restored') return `${modelId} is available again`
  if (field === null) return `${modelId} ${kind}`
  if (field === 'inputCostPerToken' || field === 'outputCostPerToken') {
    const [before, after] = [from, to].map((price) => describePricePerMillion(typeof price === 'string' ? price : null))
    return `${modelId}: ${field === 'inputCostPerToken' ? 'input' : 'output'} ${before} → ${after} per 1M tokens`
  }
  return `${modelId}: ${field} ${shown(from)} → ${shown(to)}`
}

interface EndingData {
  models: DeprecationRecord[]
  /** Those of further parts among them. */
  count?: number
}

function describeEnding({ models, count = models.length }: EndingData): NewsText {
  const lines = models.map(({ modelId, deprecationDate, replacedBy, daysLeft }) => {
    const when = daysLeft === 0 ? 'today' : daysLeft === 1 ? 'tomorrow' : `in ${daysLeft} days`
    return `${modelId} ends ${when}, on ${deprecationDate}${replacedBy === null ? '' : `; use ${replacedBy} instead`}`
  })
  return { title: count === 1 ? 'A model ends soon' : `${count} models end soon`, lines, more: count - models.length }
}

function describeDrift(members: readonly DriftingNews[]): NewsText {
  const first = members.slice(0, MOST_MEMBERS)
  const lines = first.map(({ provider, kind, path, looksLike, entries, of }) =>
    kind === 'unread'
      ? `${provider}: ${entries} of ${of} entries state ${path} (${looksLike}), which is not read`
      : `${provider}: ${path} (${looksLike}) is gone from the entries; ${entries} of ${of} still state it`,
  )
  return { title: 'Model sync: the answers of a provider have changed', lines, more: members.length - lines.length }
}

interface DoubtsData {
  provider: string
  count: number
  doubts: NewDoubt[]
}

function describeDoubts({ provider, count, doubts }: DoubtsData): NewsText {
  const lines = doubts.map(
    ({ modelId, field, value, expected }) => `${modelId}: ${field} ${value}, expected ${expected}`,
  )
  const values = count === 1 ? 'a value is' : `${count} values are`
  return { title: `${provider}: ${values} not what price books say`, lines, more: count - doubts.length }
}

function shown(value: unknown): string {
  if (value === null || value === undefined) return 'unknown'
  const text = typeof value === 'string' ? value : JSON.stringify(value)
  return text.length > MOST_CHARACTERS ? `${text.slice(0, MOST_CHARACTERS)}…` : text
}
