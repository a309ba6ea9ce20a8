/** `model-sync changes`: the changelog. */
import { changeLine } from '../output/change-line.js'
import { defineCommand } from '../line/command.js'
import { eachOf, limitOption, readLimit } from '../line/limit.js'
import { EXIT, UsageError } from '../line/usage-error.js'

const MINUTES: Record<string, number> = { m: 1, h: 60, d: 24 * 60 }
const DEFAULT_LIMIT = 50
const KINDS = ['added', 'updated', 'unavailable', 'restored', 'renamed', 'deleted']

export const changes = defineCommand({
  name: 'changes',
  summary: 'list what has changed, newest first',
  options: {
    since: { type: 'string', value: 'TIME', description: 'ISO 8601, or how long ago: 30m, 24h, 7d' },
    provider: { type: 'string', value: 'SLUG', description: 'of this provider' },
    kind: { type: 'string', value: 'KIND', choices: KINDS, description: 'of this kind' },
    model: { type: 'string', value: 'ID', description: 'of this model' },
    field: { type: 'string', value: 'FIELD', description: 'of this field: inputCostPerToken' },
    ...limitOption(String(DEFAULT_LIMIT)),
  },
  examples: ['model-sync changes --since 24h', 'model-sync changes --field inputCostPerToken --limit 20 --json'],
  run: async ({ values, output, signal, json, backend }) => {
    const { since, provider, kind, model, field } = values
    const limit = readLimit(values.limit, DEFAULT_LIMIT, 'changes')
    const filter = { since: since === undefined ? undefined : readTime(since), provider, kind, model, field }
    const given = Object.fromEntries(Object.entries(filter).filter(([, value]) => value !== undefined))
    const catalogue = await backend()
    const found = eachOf(limit, signal, async (page) => {
      const answer = await catalogue.changes({ ...given, ...page })
      return { members: answer.changes, nextCursor: answer.nextCursor }
    })
    if (json) {
      await output.jsonList('changes', found)
      return EXIT.ok
    }
    let shown = 0
    for await (const change of found) {
      if (output.closed) break
      await output.line(changeLine(change))
      shown += 1
    }
    if (shown === 0) await output.line('No changes.')
    return EXIT.ok
  },
})

/** ISO 8601. @throws UsageError */
function readTime(text: string): string {
  const [, number, unit = ''] = /^(\d{1,6})([mhd])$/.exec(text) ?? []
  if (number !== undefined) return new Date(Date.now() - Number(number) * (MINUTES[unit] ?? 1) * 60_000).toISOString()
  if (/^\d{4}-\d{2}-\d{2}/.test(text) && !Number.isNaN(Date.parse(text))) return new Date(text).toISOString()
  throw new UsageError(
    `--since is "${text}"; expected ISO 8601, as 2026-01-31 or 2026-01-31T08:00:00Z, or how long ago: 30m, 24h, 7d`,
    'changes',
  )
}
