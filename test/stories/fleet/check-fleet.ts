/** What must hold of a fleet's database when the fleet is quiet, whoever was killed, paused or cut off before: read from the database alone, and from what receivers got. */
import { FIELDS, FIELD_NAMES } from '../../../src/core/model/model.js'
import type { ModelFields } from '../../../src/core/model/model-fields.js'
import { sameValue } from '../../../src/core/model/same-value.js'
import type { RecordedChange } from '../../../src/core/plan/plan-undo.js'
import { pickFields, selectFields } from '../../../src/store/model-columns.js'
import { replay } from '../properties/memory-catalogue.js'

/** What an upstream lists: the context of each model, tokens. */
export type Stand = ReadonlyMap<string, number>

/** A message of the news as its receiver got it. */
export interface ReceivedNews {
  id: string
  changes: readonly { id: number }[]
}

export interface FleetFacts {
  /** The last healthy answer of each provider, by slug. */
  stands: ReadonlyMap<string, Stand>
  /** Contexts that people have set, by public id. */
  pins: ReadonlyMap<string, number>
  /** Public ids of models that people have added. */
  locals: ReadonlySet<string>
  /** Each message that was answered with success, in order. */
  news: readonly ReceivedNews[]
  /** The model of each provider whose context is the number of the answer; no answer is taken back. `null`: they are. */
  clock: string | null
}

export interface Query {
  query(text: string): Promise<{ rows: unknown[] }>
}

interface ModelRow extends Record<string, unknown> {
  id: number
  slug: string
  providerModelId: string
  origin: string
  reason: string | null
}

/** @returns what is wrong, one line each; empty: nothing */
export async function checkFleet(database: Query, facts: FleetFacts): Promise<string[]> {
  const models = (
    await database.query(
      `SELECT m.id::float8 AS id, p.slug, m.provider_model_id AS "providerModelId", m.origin,
        m.unavailable_reason AS reason, ${selectFields('m')}
      FROM model_sync.models AS m
      JOIN model_sync.providers AS p ON p.id = m.provider_id`,
    )
  ).rows as ModelRow[]
  const changes = (
    await database.query(
      `SELECT c.id::float8 AS id, c.model_id::float8 AS "modelId", c.provider_model_id AS "providerModelId", p.slug,
        c.kind, c.field, c.new_value AS "to", c.cause
      FROM model_sync.model_changes AS c
      JOIN model_sync.providers AS p ON p.id = c.provider_id
      ORDER BY c.id`,
    )
  ).rows as ChangeRow[]
  return [
    ...checkCatalogue(models, facts),
    ...checkReplay(models, changes),
    ...checkOrder(changes, facts),
    ...checkNews(changes, facts),
    ...(await checkRuns(database)),
  ]
}

type ChangeRow = RecordedChange & { id: number; slug: string; cause: string }

/** The catalogue is what the last healthy answers say, with pins and local models. */
function checkCatalogue(models: readonly ModelRow[], { stands, pins, locals }: FleetFacts): string[] {
  const wrong: string[] = []
  const found = new Map(models.map((model) => [`${model.slug}/${model.providerModelId}`, model]))
  for (const [slug, stand] of stands)
    for (const [name, context] of stand) {
      const id = `${slug}/${name}`
      const model = found.get(id)
      const expected = pins.get(id) ?? context
      if (model === undefined || model.reason !== null) wrong.push(`${id} is listed, and ${model?.reason ?? 'missing'}`)
      else if (model['contextLength'] !== expected)
        wrong.push(`${id} has a context of ${String(model['contextLength'])}, expected ${expected}`)
    }
  for (const [id, { slug, providerModelId, origin, reason }] of found)
    if (origin === 'synced' && reason === null && stands.get(slug)?.has(providerModelId) === false)
      wrong.push(`${id} is available, and no longer listed`)
  for (const id of locals) if (!found.has(id)) wrong.push(`the local model ${id} is gone`)
  return wrong
}

/** The changelog from empty gives the models as they are. */
function checkReplay(models: readonly ModelRow[], changes: readonly ChangeRow[]): string[] {
  const replayed = replay(changes)
  const wrong = models.flatMap((model) => {
    const id = `${model.slug}/${model.providerModelId}`
    const told = replayed.get(model.id)
    if (told === undefined) return [`${id} is in no changelog`]
    const state = [model.origin, model.reason, model.providerModelId].join()
    const toldState = [told.origin, told.reason, told.providerModelId].join()
    const fields = pickFields(model)
    return [
      ...(state === toldState ? [] : [`${id} is ${state}, and the changelog tells ${toldState}`]),
      ...FIELD_NAMES.filter((field) => !sameValue(FIELDS[field], told.fields[field], shown(fields, field))).map(
        (field) => `${id} ${field} is ${JSON.stringify(fields[field])}, told ${JSON.stringify(told.fields[field])}`,
      ),
    ]
  })
  return replayed.size === models.length
    ? wrong
    : [...wrong, `${replayed.size} models are told, ${models.length} there`]
}

// The changelog leaves unknown capabilities out.
function shown(fields: ModelFields, field: keyof ModelFields): unknown {
  if (field !== 'capabilities') return fields[field]
  return Object.fromEntries(Object.entries(fields.capabilities).filter(([, said]) => said !== null))
}

/** No answer is applied after a newer one: what a holder without its lease would write. */
function checkOrder(changes: readonly ChangeRow[], { clock }: FleetFacts): string[] {
  if (clock === null) return []
  const last = new Map<string, number>()
  return changes
    .filter(({ providerModelId, field }) => providerModelId === clock && field === 'contextLength')
    .flatMap(({ id, slug, to }) => {
      const before = last.get(slug) ?? 0
      last.set(slug, Number(to))
      return Number(to) > before ? [] : [`change ${id} takes ${slug} from answer ${before} back to ${String(to)}`]
    })
}

/** Each change arrives once, under one id, in the order of its provider. */
function checkNews(changes: readonly ChangeRow[], { news }: FleetFacts): string[] {
  const slugs = new Map(changes.map(({ id, slug }) => [id, slug]))
  const told = [...new Map(news.map((message) => [message.id, message])).values()].flatMap((message) => message.changes)
  const times = new Map<number, number>()
  const last = new Map<string, number>()
  const wrong: string[] = []
  for (const { id } of told) {
    times.set(id, (times.get(id) ?? 0) + 1)
    const slug = slugs.get(id) ?? ''
    if (id <= (last.get(slug) ?? 0)) wrong.push(`change ${id} of ${slug} arrives after ${last.get(slug)}`)
    last.set(slug, id)
  }
  // What upstream says beneath a pin is on record, and no news.
  for (const { id, field } of changes)
    if (times.get(id) !== 1 && field?.startsWith('upstream.') !== true)
      wrong.push(`change ${id} arrives ${times.get(id) ?? 0} times under different ids`)
  return wrong
}

/** No run without an end, and no work whose holder is gone. */
async function checkRuns(database: Query): Promise<string[]> {
  const { rows } = await database.query(
    `SELECT id, replica, now() - started_at AS age FROM model_sync.sync_runs WHERE finished_at IS NULL`,
  )
  const { rows: work } = await database.query(
    `SELECT kind, holder_name AS holder FROM model_sync.work WHERE state = 'running' AND leased_until < model_sync.model_sync_now()`,
  )
  return [
    ...(rows as { id: string; replica: string }[]).map(({ id, replica }) => `run ${id} of ${replica} has no end`),
    ...(work as { kind: string; holder: string }[]).map(({ kind, holder }) => `${holder} still has ${kind}`),
  ]
}
