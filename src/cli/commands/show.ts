/** `model-sync show`: one model, with where each field comes from. */
import { FIELD_NAMES } from '../../core/model/model.js'
import { NotFoundError } from '../../errors.js'
import type { ModelRecord } from '../../core/model/model-record.js'
import { changeLine } from '../output/change-line.js'
import { defineCommand } from '../line/command.js'
import { plain } from '../output/plain.js'
import { perMillion } from '../output/plan-diff.js'
import { layOut } from '../output/table.js'
import { EXIT } from '../line/usage-error.js'

export const show = defineCommand({
  name: 'show',
  summary: 'show one model: its fields, where they come from, its last changes',
  operands: '<id>',
  count: { min: 1, max: 1 },
  options: {},
  examples: ['model-sync show openrouter/openai/gpt-4o', 'model-sync show litellm/gpt-4o --json'],
  run: async ({ positionals, output, json, backend }) => {
    const [id = ''] = positionals
    const catalogue = await backend()
    const model = await catalogue.model(id).catch((error: Error) => {
      if (!('code' in error) || error.code !== 'FST_MODEL_SYNC_NOT_FOUND') throw error
      const words = id.split('/').at(-1) ?? id
      throw new NotFoundError(
        `there is no model "${id}"; expected <provider>/<the provider's id>, which model-sync list --search ${words} finds`,
      )
    })
    if (json) {
      await output.json(model)
      return EXIT.ok
    }
    await output.line(output.paint('bold', plain(model.id)))
    for (const line of describeModel(model)) await output.line(line)
    if (model.changes.length > 0) await output.line(`\n${output.paint('bold', 'Last changes')}`)
    for (const change of model.changes) await output.line(`  ${changeLine(change)}`)
    return EXIT.ok
  },
})

function describeModel(model: ModelRecord): string[] {
  const state = [
    model.availability,
    model.unavailableReason,
    model.hidden ? 'hidden' : null,
    model.stale ? 'stale' : null,
  ]
  const rows: [name: string, value: string, from: string][] = [
    ['state', state.filter((word) => word !== null).join(', '), ''],
    ...FIELD_NAMES.map((field): [string, string, string] => [
      field,
      valueOf(field, model[field]),
      (model.provenance[field] ?? '') + (model.estimated.includes(field) ? ', an estimate' : ''),
    ]),
    ['origin', model.origin, ''],
    ['firstSeenAt', model.firstSeenAt, ''],
    ['lastSeenAt', model.lastSeenAt ?? '–', ''],
    ['updatedAt', model.updatedAt, ''],
    ...model.doubts.map(({ field, value, expected }): [string, string, string] => [
      'doubt',
      `${field} ${value}, expected ${expected}`,
      '',
    ]),
    ...model.conflicts.map((conflict): [string, string, string] => ['conflict', plain(JSON.stringify(conflict)), '']),
  ]
  const [, ...lines] = layOut(rows, [
    { title: '', cell: ([name]) => `  ${name}` },
    { title: '', cell: ([, value]) => value },
    { title: '', cell: ([, , from]) => (from === '' ? '' : `(${from})`) },
  ])
  return lines
}

function valueOf(field: string, value: unknown): string {
  if (value === null || (Array.isArray(value) && value.length === 0)) return '–'
  if (typeof value === 'string')
    return field.endsWith('CostPerToken') ? `${value} ($${perMillion(value)} per 1M)` : plain(value)
  if (field !== 'capabilities')
    return plain(Array.isArray(value) && typeof value[0] === 'string' ? value.join(', ') : JSON.stringify(value))
  const said = Object.entries(value as Record<string, boolean | null>).filter(([, can]) => can !== null)
  return said.length === 0 ? '–' : said.map(([name, can]) => (can === true ? name : `no ${name}`)).join(', ')
}
