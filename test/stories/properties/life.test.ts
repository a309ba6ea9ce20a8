/** Whatever happens to a catalogue, in whatever order: no row, no local model and no pin is ever lost, and the changelog tells all of it. */
import fc from 'fast-check'
import t from 'tap'
import { FIELDS, FIELD_NAMES, type FieldName } from '../../../src/core/model/model.js'
import type { DesiredFields } from '../../../src/core/model/model-fields.js'
import { cleanFields } from '../../../src/core/model/clean-fields.js'
import { sameValue } from '../../../src/core/model/same-value.js'
import { isKnown } from '../../../src/core/model/field-changes.js'
import { steps, type Step } from './arbitraries.js'
import { Life } from './life.js'
import { replay, type MemoryRow } from './memory-catalogue.js'

/** What people have set by hand, by row: the last word on each field. */
class Hands {
  private readonly said = new Map<number, Map<string, unknown>>()

  follow(life: Life, step: Step, before: readonly MemoryRow[]): void {
    const rows = [...life.catalogue.rows.values()]
    const synced = new Set(before.flatMap(({ id, origin }) => (origin === 'synced' ? id : [])))
    for (const { id, origin } of rows) if (origin === 'local' && synced.has(id)) this.forgetUnknown(id)
    if (step.kind === 'add local')
      for (const row of rows.slice(before.length)) this.say(row, cleanFields(step.fields).fields)
    const row = step.kind === 'pin' || step.kind === 'unpin' ? before[step.pick % before.length] : undefined
    if (row === undefined) return
    if (step.kind === 'pin') this.say(row, cleanFields(step.fields).fields)
    if (step.kind === 'unpin' && row.origin === 'synced') this.said.delete(row.id)
  }

  /** What of it is not what a read returns. */
  missing(life: Life): string[] {
    return [...this.said].flatMap(([id, fields]) => {
      const row = life.catalogue.rows.get(id)
      if (row === undefined) return [`row ${id} is gone`]
      const shown = life.catalogue.effective(row) as unknown as Record<string, unknown>
      return [...fields].flatMap(([key, value]) => {
        const [field = '', capability] = key.split('.')
        const now = capability === undefined ? shown[field] : (shown[field] as Record<string, unknown>)[capability]
        const kept = capability === undefined ? sameValue(FIELDS[field as FieldName], now, value) : now === value
        return kept
          ? []
          : [`${row.providerModelId} ${key} was set to ${JSON.stringify(value)} and is ${JSON.stringify(now)}`]
      })
    })
  }

  /** Of a local model nobody but a person says anything: that a field has no value is what is known of it, and no pin. */
  private forgetUnknown(id: number): void {
    const said = this.said.get(id)
    for (const [key, value] of said ?? []) if (!key.startsWith('capabilities.') && !isKnown(value)) said?.delete(key)
  }

  private say({ id, origin }: MemoryRow, fields: DesiredFields): void {
    const said = this.said.get(id) ?? new Map<string, unknown>()
    this.said.set(id, said)
    for (const field of FIELD_NAMES) {
      const value = fields[field]
      if (value === undefined) continue
      if (field === 'capabilities' && origin === 'local')
        for (const key of said.keys()) if (key.startsWith('capabilities.')) said.delete(key)
      if (field === 'capabilities')
        for (const [name, flag] of Object.entries(value as object)) said.set(`capabilities.${name}`, flag)
      // What is not known of a local model is no pin once upstream lists it.
      else if (origin === 'synced' || isKnown(value)) said.set(field, value)
      else said.delete(field)
    }
  }
}

t.test('no sequence of syncs, pins and undos loses a row, a local model or a pin', async () => {
  fc.assert(
    fc.property(fc.array(steps, { maxLength: 25 }), (all) => {
      const life = new Life()
      const hands = new Hands()
      for (const step of all) {
        const before = [...life.catalogue.rows.values()]
        const rows = structuredClone(before)
        life.live(step)
        hands.follow(life, step, rows)
        for (const { id, origin, listedReason } of rows) {
          const row = life.catalogue.rows.get(id)
          if (row === undefined) throw new Error(`row ${id} is gone`)
          if (origin === 'local' && (row.listedReason ?? listedReason) !== null && row.origin === 'local')
            throw new Error(`local model ${row.providerModelId} is not available`)
        }
        const [lost] = hands.missing(life)
        if (lost !== undefined) throw new Error(`after ${step.kind}: ${lost}`)
        const names = [...life.catalogue.rows.values()].map(({ providerModelId }) => providerModelId)
        if (new Set(names).size < names.length) throw new Error('two rows have one id')
      }
    }),
    { numRuns: 400 },
  )
})

t.test('the changelog replays from empty to the same catalogue', async () => {
  fc.assert(
    fc.property(fc.array(steps, { maxLength: 25 }), (all) => {
      const life = new Life()
      for (const step of all) life.live(step)
      const replayed = replay(life.catalogue.changelog)
      if (replayed.size !== life.catalogue.rows.size) throw new Error('another number of models')
      for (const row of life.catalogue.rows.values()) {
        const told = replayed.get(row.id)
        const shown = life.catalogue.effective(row)
        const wrong = FIELD_NAMES.find((field) => !sameValue(FIELDS[field], told?.fields[field], shown[field]))
        if (wrong !== undefined)
          throw new Error(`${row.providerModelId} ${wrong}: ${JSON.stringify([told?.fields[wrong], shown[wrong]])}`)
        if (told?.providerModelId !== row.providerModelId || told.reason !== row.listedReason)
          throw new Error(`${row.providerModelId}: ${JSON.stringify(told)}`)
      }
    }),
    { numRuns: 400 },
  )
})

t.test('a run that is undone at once leaves what a read returned before', async () => {
  fc.assert(
    fc.property(
      fc.array(steps, { maxLength: 10 }),
      steps.filter(({ kind }) => kind === 'sync'),
      (past, step) => {
        const life = new Life()
        for (const one of past) life.live(one)
        const shown = () =>
          [...life.catalogue.rows.values()].map((row) => ({
            id: row.providerModelId,
            reason: row.listedReason,
            ...life.catalogue.effective(row),
          }))
        const before = structuredClone(shown())
        const origins = [...life.catalogue.rows.values()].map(({ origin }) => origin)
        life.live(step)
        // What passes between hand and upstream only upstream can give back.
        if (origins.some((origin, index) => [...life.catalogue.rows.values()][index]?.origin !== origin)) return
        life.live({ kind: 'undo', pick: life.runs.length - 1 })
        const after = shown().slice(0, before.length)
        if (JSON.stringify(after) !== JSON.stringify(before))
          throw new Error(`${JSON.stringify(before)}\n${JSON.stringify(after)}`)
      },
    ),
    { numRuns: 300 },
  )
})
