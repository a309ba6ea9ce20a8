/** Planning, which is pure, beside one JSON.parse of the same models. */
import { manyRows } from '../test/support/litellm-rows.js'
import { cleanFields } from '../src/core/model/clean-fields.js'
import type { DesiredFields, ModelFields } from '../src/core/model/model-fields.js'
import type { CurrentModel, Plan, PlanInput } from '../src/core/plan/plan.js'
import { makePlan } from '../src/core/plan/make-plan.js'
import { litellm } from '../src/sources/providers/litellm/litellm.js'
import { digits, median, printTable, ratio, timed, verdict } from './measure.js'

const MODELS = 100_000
const REPETITIONS = 9
const TARGET = 1

/** Every field of every model is compared: 97 % are the same, each 100th is changed, gone or new. */
export async function benchPlan(): Promise<void> {
  const listing = new Map(desiredModels(MODELS))
  // Once through JSON, so that no two sides share a string or a list.
  const text = JSON.stringify([...listing])
  const desired = new Map(JSON.parse(text) as [string, DesiredFields][])
  const current = new Map<string, CurrentModel>()
  for (const [index, [id, fields]] of (JSON.parse(text) as [string, ModelFields][]).entries()) {
    if (index % 100 === 1) continue
    if (index % 100 === 2) fields.inputCostPerToken = '0.5'
    if (index % 100 === 3) desired.delete(id)
    current.set(id, currentModel(index, id, fields))
  }
  const input: PlanInput = {
    current,
    desired,
    mentioned: new Set(),
    excluded: () => false,
    policy: 'sync',
    missesBeforeUnavailable: 1,
    today: '2026-01-01',
  }
  const plan: number[] = []
  const parse: number[] = []
  let made: Plan | null = null
  for (let repetition = 0; repetition < REPETITIONS; repetition++) {
    parse.push(await timed(() => JSON.parse(text)))
    plan.push(await timed(() => (made = makePlan(input))))
  }
  const { added, updated, unavailable, unchanged } = made as unknown as Plan
  console.log(
    `${digits(MODELS, 0)} models, ${digits(text.length / 1e6)} MB of JSON, median of ${REPETITIONS}: ` +
      `${added.length} added, ${updated.length} updated, ${unavailable.length} unavailable, ${unchanged} unchanged`,
  )
  const times = ratio(plan, parse)
  printTable(
    ['', 'plan ms', 'JSON.parse ms', 'ratio', 'target'],
    [['plan', digits(median(plan)), digits(median(parse)), digits(times, 2), verdict(times, TARGET)]],
  )
}

function* desiredModels(count: number): Generator<[string, DesiredFields]> {
  const listing = litellm.listings[0]!
  for (const row of manyRows(count)) {
    const parsed = listing.parse(row)
    if (parsed.kind === 'model') yield [row.model_name, { aliases: [], ...cleanFields(parsed.fields).fields }]
  }
}

function currentModel(id: number, providerModelId: string, fields: ModelFields): CurrentModel {
  return {
    id,
    providerModelId,
    origin: 'synced',
    listedReason: null,
    misses: 0,
    deprecationDate: null,
    wasLocal: false,
    undone: null,
    values: { upstream: fields, pins: {} },
  }
}
