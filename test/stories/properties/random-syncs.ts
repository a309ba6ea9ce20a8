/** Syncs with random faults and edits in between: what is left is what the last healthy answers say, and the changelog tells how. */
import type { Test } from 'tap'
import { sameValue } from '../../../src/core/model/same-value.js'
import { FIELDS, FIELD_NAMES } from '../../../src/core/model/model.js'
import type { DesiredFields } from '../../../src/core/model/model-fields.js'
import type { RecordedChange } from '../../../src/core/plan/plan-undo.js'
import type { SyncResult } from '../../../src/core/records/sync-result.js'
import type { TestDatabase } from '../../support/databases.js'
import { random, type ModelRow } from '../../support/loopback-litellm.js'
import { startServices, type Services } from '../trust/support.js'
import { replay } from './memory-catalogue.js'

const MODELS = 100
const PRICES = ['0.000001', '0.000002', '0.000003', '0.000004']

type Path = '/model/info' | '/v1/models'

/** Faults of one answer, and what may become of it. */
const FAULTS: [status: RegExp, arrange: (world: World, path: Path) => void][] = [
  [/failed|incomplete/, ({ litellm }, path) => litellm.setFault(path, { kind: 'status', status: 500 })],
  [/failed|incomplete/, ({ litellm }, path) => litellm.setFault(path, { kind: 'status', status: 400 })],
  // Names only: what is known of prices and limits stays.
  [/ok|held|not-modified/, ({ litellm }) => litellm.setFault('/model/info', { kind: 'status', status: 401 })],
  [/failed|incomplete/, ({ litellm }, path) => litellm.setFault(path, { kind: 'truncate' })],
  [/failed|incomplete/, ({ litellm }, path) => litellm.setFault(path, { kind: 'reset' })],
  [/failed|incomplete/, ({ litellm }, path) => litellm.setFault(path, { kind: 'html' })],
  [/failed|incomplete/, ({ litellm }, path) => litellm.setFault(path, { kind: 'empty-body' })],
  [/failed/, ({ litellm }) => litellm.setFault('/model/info', { kind: 'not-loaded' })],
  [/failed/, ({ litellm }) => litellm.setFault('/model/info', { kind: 'json', body: { data: 'nothing' } })],
  [/failed/, (world) => world.serveMalformed()],
  [/ok|held|not-modified/, (world) => world.serve(0)],
  [/ok|held|not-modified/, (world) => world.serve(9)],
  [/ok|held|not-modified/, ({ litellm }, path) => litellm.setFault(path, { kind: 'status', status: 503, times: 1 })],
  [/ok|held|not-modified/, ({ litellm }, path) => litellm.setFault(path, { kind: 'delay', ms: 3 })],
  [/ok|held|not-modified/, (world) => world.litellm.models.push(...structuredClone(world.litellm.models.slice(0, 9)))],
  [/ok|held|not-modified/, (world) => world.litellm.setShuffle(world.int(1_000))],
  [/ok|held|not-modified/, (world) => world.litellm.setShuffleKeys(world.int(1_000))],
]

/** What was set by hand: of each model, by its id in lower case. */
type Hands = Map<string, { pins: DesiredFields; hidden: boolean; off: boolean }>

class World {
  readonly litellm
  readonly upstream = new Map<string, ModelRow>()
  readonly hands: Hands = new Map()
  readonly locals = new Map<string, DesiredFields>()
  readonly statuses = new Map<string, number>()
  private readonly runs: string[] = []
  private names = 0
  private revision = 0
  /** By the listing that was applied last. */
  private said: object = {}

  constructor(
    private readonly t: Test,
    readonly services: Services,
    private readonly next: () => number,
  ) {
    this.litellm = services.litellm
    for (let model = 0; model < MODELS; model++) this.add()
  }

  int(below: number): number {
    return Math.floor(this.next() * below)
  }

  chance(probability: number): boolean {
    return this.next() < probability
  }

  pick<T>(list: Iterable<T>): T {
    const all = [...list]
    return all[this.int(all.length)] as T
  }

  /** LiteLLM answers with its models, or with so many of them. */
  serve(count = Infinity): void {
    this.litellm.models.splice(0, Infinity, ...[...this.upstream.values()].slice(0, count))
  }

  serveMalformed(): void {
    for (const row of this.litellm.models.splice(0, MODELS / 2)) this.litellm.models.push({ ...row, model_name: '' })
  }

  /** One sync, perhaps of a faulty answer. */
  async sync(): Promise<void> {
    this.evolve()
    this.serve()
    const fault = this.chance(0.4) ? this.pick(FAULTS) : null
    fault?.[1](this, this.chance(0.7) ? '/model/info' : '/v1/models')
    this.revision = await this.services.catalogue.revision()
    const options = { forceUpdate: this.chance(0.1), markUnavailable: !this.chance(0.05), dryRun: this.chance(0.03) }
    const result = await this.services.modelSync.syncModels(options)
    this.check(result, fault?.[0] ?? /ok|held|not-modified/)
    if (result.heldChanges > 0 && !result.dryRun && this.chance(0.3)) await this.approve()
    this.heal()
  }

  /** What a person does in between. */
  async meddle(): Promise<void> {
    const { editor, undo, modelSync } = this.services
    if (this.chance(0.15)) await this.pin()
    if (this.chance(0.02)) await this.addLocal()
    if (this.chance(0.01) && this.locals.size > 0) {
      const id = this.pick(this.locals.keys())
      const model = (await this.services.models()).get(id)
      if (model?.origin === 'local') {
        await editor.delete(`litellm/${id}`, 'a person')
        this.locals.delete(id)
        this.hands.delete(id)
      }
    }
    if (this.chance(0.02) && this.runs.length > 0) {
      this.runs.push((await undo.undo(this.pick(this.runs.slice(-5)))).runId ?? '')
      this.compareSaid(await modelSync.syncModels())
    }
    if (this.chance(0.2)) this.services.advance({ hours: this.int(12) })
  }

  /** Upstream is well, and everything that waits is approved. */
  async settle(): Promise<void> {
    this.heal()
    this.serve()
    for (let round = 0; round < 3; round++) await this.approve()
    const result = await this.services.modelSync.syncModels()
    this.compareSaid(result)
    this.t.match(result, { success: true, heldChanges: 0, updatedModels: 0 })
  }

  /** The catalogue is what upstream says, with what was set by hand over it. */
  async compare(): Promise<void> {
    const models = await this.services.models()
    const wrong: string[] = []
    const listed = new Set(this.upstream.keys())
    for (const [id, row] of this.upstream) {
      const model = models.get(id)
      const hands = this.hands.get(id.toLowerCase())
      const expected = { ...saidOf(row), ...this.locals.get(id), ...hands?.pins }
      if (model === undefined) wrong.push(`${id} is missing`)
      else if (model.origin !== 'synced') wrong.push(`${id} is ${model.origin}`)
      else if ((model.unavailableReason ?? '') !== (hands?.off ? 'operator' : ''))
        wrong.push(`${id} is ${model.unavailableReason}`)
      else if (model.hidden !== (hands?.hidden ?? false)) wrong.push(`${id} is hidden: ${model.hidden}`)
      else wrong.push(...differences(id, model as unknown as Record<string, unknown>, expected))
    }
    for (const [id, model] of models) {
      if (listed.has(id)) continue
      const hands = this.hands.get(id.toLowerCase())
      const expected = { ...this.locals.get(id), ...hands?.pins }
      if (this.locals.has(id) !== (model.origin === 'local')) wrong.push(`${id} is ${model.origin}`)
      if (model.origin === 'synced' && model.availability === 'available') wrong.push(`${id} is available`)
      if (model.origin === 'local' && (model.availability === 'unavailable') !== (hands?.off ?? false))
        wrong.push(`${id} is ${model.unavailableReason}`)
      wrong.push(...differences(id, model as unknown as Record<string, unknown>, expected))
    }
    for (const id of this.locals.keys()) if (!models.has(id)) wrong.push(`local ${id} is gone`)
    this.t.strictSame(
      wrong.slice(0, 5),
      [],
      'the catalogue is what the last healthy answer says, with pins and local models',
    )
  }

  private check(result: SyncResult, expected: RegExp): void {
    const status = result.providers[0]?.status ?? 'none'
    this.statuses.set(status, (this.statuses.get(status) ?? 0) + 1)
    if (!expected.test(status)) this.t.match(status, expected, result.errors.join())
    if (/failed|incomplete|not-modified/.test(status) && result.revision !== this.revision)
      this.t.equal(result.revision, this.revision, `${status}, and the catalogue changed`)
    const { totalModels, newModels, updatedModels, restoredModels, renamedModels, unchangedModels } = result
    const sum = newModels + updatedModels + restoredModels + renamedModels + unchangedModels
    if (totalModels !== sum) this.t.equal(totalModels, sum, `${status}: the numbers add up`)
    this.compareSaid(result)
    if (result.runId !== null) this.runs.push(result.runId)
  }

  /** Of each sync, whoever asked for it: what it applied is what an unchanged one stands for. */
  private compareSaid({ providers, dryRun, warnings, filteredModels, rejectedModels }: SyncResult): void {
    const status = providers[0]?.status
    const said = { warnings, filteredModels, rejectedModels }
    if (status === 'not-modified') this.t.strictSame(said, this.said, 'an unchanged listing says what it said')
    if (status === 'ok' && !dryRun) this.said = said
  }

  private async approve(): Promise<void> {
    const result = await this.services.approve()
    this.compareSaid(result)
    if (result.runId !== null) this.runs.push(result.runId)
  }

  private heal(): void {
    for (const path of ['/model/info', '/v1/models'] as const) this.litellm.setFault(path, null)
    this.litellm.setShuffle(null)
    this.litellm.setShuffleKeys(null)
  }

  /** Upstream changes a little, or not at all. */
  private evolve(): void {
    if (this.chance(0.3)) return
    for (let changes = this.int(6); changes > 0; changes--) {
      const id = this.pick(this.upstream.keys())
      const row = this.upstream.get(id)!
      const kind = this.int(10)
      if (kind < 6) this.upstream.set(id, this.row(id))
      else if (kind === 6 && this.upstream.size > 0.8 * MODELS) this.upstream.delete(id)
      else if (kind === 7 && this.upstream.size < 1.2 * MODELS) this.add()
      else if (kind === 8 && !this.locals.has(id)) this.rename(id, row)
      else if (kind === 9 && this.locals.size > 0) this.toggle(this.pick(this.locals.keys()))
    }
  }

  private add(): void {
    const id = `vendor/model-${this.names++}`
    this.upstream.set(id, this.row(id))
  }

  private rename(id: string, row: ModelRow): void {
    const to = id === id.toLowerCase() ? id.toUpperCase() : id.toLowerCase()
    this.upstream.delete(id)
    this.upstream.set(to, { ...row, model_name: to })
  }

  /** Upstream lists a local model, or drops it. */
  private toggle(id: string): void {
    if (!this.upstream.delete(id)) this.upstream.set(id, this.row(id))
  }

  private row(id: string): ModelRow {
    // Without the hundred members that are null, since a thousand answers are read.
    return {
      model_name: id,
      litellm_params: { model: `openai/${id}` },
      model_info: {
        mode: 'chat',
        description: this.chance(0.5) ? null : `text ${this.int(9)}`,
        max_input_tokens: 1_000 + this.int(5),
        input_cost_per_token: Number(this.pick(PRICES)),
        output_cost_per_token: this.chance(0.2) ? null : Number(this.pick(PRICES)),
        supports_vision: this.pick([true, false, null]),
        supports_reasoning: this.pick([true, false, null]),
      },
    }
  }

  private async pin(): Promise<void> {
    const models = [...(await this.services.models()).values()]
    if (models.length === 0) return
    const { id, providerModelId, origin } = this.pick(models)
    const key = providerModelId.toLowerCase()
    const hands = this.hands.get(key) ?? { pins: {}, hidden: false, off: false }
    if (this.chance(0.3) && origin === 'synced' && !this.locals.has(providerModelId)) {
      await this.services.editor.edit(id, { unpin: [...FIELD_NAMES, 'availability', 'hidden'] }, 'a person')
      this.hands.delete(key)
      return
    }
    const pins: DesiredFields = this.pick<DesiredFields>([
      { contextLength: this.int(3) },
      { description: 'mine' },
      { name: 'My name', inputCostPerToken: '1.5' },
      { maxOutputTokens: 3, mode: 'embedding' },
    ])
    const marks = { hidden: this.chance(0.2), off: this.chance(0.2) }
    const availability = marks.off ? ('unavailable' as const) : ('available' as const)
    await this.services.editor.edit(id, { ...pins, hidden: marks.hidden, availability }, 'a person')
    this.hands.set(key, { pins: { ...hands.pins, ...pins }, ...marks })
  }

  private async addLocal(): Promise<void> {
    const id = `mine/model-${this.names++}`
    const fields: DesiredFields = { name: 'Mine', contextLength: 7, inputCostPerToken: '9' }
    await this.services.editor.add({ provider: 'litellm', providerModelId: id, ...fields }, 'a person')
    this.locals.set(id, fields)
  }
}

/** What a row says, in our words. */
function saidOf({ model_name: name, model_info: info }: ModelRow): Record<string, unknown> {
  const price = (value: unknown): string | null => PRICES.find((decimal) => Number(decimal) === value) ?? null
  const capabilities = { vision: info['supports_vision'], reasoning: info['supports_reasoning'] }
  return {
    name,
    description: info['description'],
    mode: 'chat',
    contextLength: info['max_input_tokens'],
    maxOutputTokens: null,
    inputCostPerToken: price(info['input_cost_per_token']),
    outputCostPerToken: price(info['output_cost_per_token']),
    deployments: 1,
    capabilities,
  }
}

function differences(id: string, model: Record<string, unknown>, expected: Record<string, unknown>): string[] {
  return Object.entries(expected).flatMap(([field, value]) => {
    const now = model[field]
    const same =
      field === 'capabilities'
        ? Object.entries(value as object).every(([name, said]) => (now as Record<string, unknown>)[name] === said)
        : now === value
    return same ? [] : [`${id} ${field} is ${JSON.stringify(now)}, expected ${JSON.stringify(value)}`]
  })
}

/** The changelog from empty gives the models as they are. */
async function compareReplay(t: Test, { pool, models }: Services): Promise<void> {
  const { rows } = await pool.query<RecordedChange & { cause: string }>(
    `SELECT model_id::float8 AS "modelId", provider_model_id AS "providerModelId", kind, field, new_value AS "to", cause
    FROM model_sync.model_changes
    ORDER BY id`,
  )
  const replayed = new Map([...replay(rows).values()].map((model) => [model.providerModelId, model]))
  const wrong: string[] = []
  const all = await models()
  for (const [id, model] of all) {
    const told = replayed.get(id)
    const { origin, unavailableReason, hidden } = model
    if (
      told === undefined ||
      told.origin !== origin ||
      told.reason !== unavailableReason ||
      (told.fields['hidden'] ?? false) !== hidden
    )
      wrong.push(`${id} is ${origin}, ${unavailableReason}, ${hidden}; the changelog tells ${JSON.stringify(told)}`)
    for (const field of FIELD_NAMES) {
      const shown =
        field === 'capabilities'
          ? known(model.capabilities)
          : field === 'aliases'
            ? (told?.fields[field] ?? [])
            : model[field]
      if (!sameValue(FIELDS[field], told?.fields[field], shown))
        wrong.push(`${id} ${field} is ${JSON.stringify(shown)}, told ${JSON.stringify(told?.fields[field])}`)
    }
  }
  t.strictSame(
    [wrong.slice(0, 5), replayed.size],
    [[], all.size],
    `${rows.length} changes replay to the same ${all.size} models`,
  )
}

function known(capabilities: Record<string, boolean | null>): Record<string, boolean | null> {
  return Object.fromEntries(Object.entries(capabilities).filter(([, said]) => said !== null))
}

/** The same again with the variable SEED, which the name of a test tells. */
export const seed = Number(process.env['SEED'] ?? Date.now() % 1_000_000)

/** @returns how many syncs there were of each status */
export async function randomSyncs(t: Test, database: TestDatabase, syncs: number): Promise<Map<string, number>> {
  const world = new World(t, await startServices(t, database), random(seed))
  for (let sync = 1; sync <= syncs; sync++) {
    await world.sync()
    await world.meddle()
    if (sync % (syncs / 5) === 0) {
      await world.settle()
      await world.compare()
    }
  }
  await compareReplay(t, world.services)
  t.comment(`seed ${seed}`, Object.fromEntries(world.statuses))
  return world.statuses
}
