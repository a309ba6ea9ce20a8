/** 400 days of syncs over a changing catalogue: the changelog replays to it, prices are what each day said, and only empty runs are forgotten. */
import { isDeepStrictEqual } from 'node:util'
import t from 'tap'
import { openDatabase } from '../../src/store/database.js'
import { ChangelogService } from '../../src/services/catalogue/changelog-service.js'
import { PriceService } from '../../src/services/prices/price-service.js'
import { RunRetention } from '../../src/services/runs/run-retention.js'
import type { ChangeRecord } from '../../src/core/records/change-record.js'
import type { ModelRecord } from '../../src/core/model/model-record.js'
import { createPostgresDatabase } from '../support/databases.js'
import { captureLog } from '../support/log-capture.js'
import { modelRow, random } from '../support/litellm-rows.js'
import { startServices } from '../stories/trust/support.js'

const DAYS = 400
const MODELS = 40
const START = '2025-01-01T00:00:00.000Z'
const SHEET = [
  'inputCostPerToken',
  'outputCostPerToken',
  'cacheReadCostPerToken',
  'cacheWriteCostPerToken',
  'otherPrices',
] as const
const dice = random(7)

const sheetOf = (model: Partial<ModelRecord>): object => Object.fromEntries(SHEET.map((field) => [field, model[field]]))

/** What the changelog tells of a model. */
const TOLD = [...SHEET, 'availability', 'name', 'contextLength', 'maxOutputTokens', 'mode'] as const

const told = (model: Partial<ModelRecord>): object => ({
  ...Object.fromEntries(TOLD.map((field) => [field, model[field]])),
  aliases: [...(model.aliases ?? [])].sort(),
  // The changelog leaves out those that are unknown.
  capabilities: Object.fromEntries(Object.entries(model.capabilities ?? {}).filter(([, value]) => value !== null)),
})

/** The oldest first, page by page. */
async function allChanges(changelog: ChangelogService): Promise<ChangeRecord[]> {
  const all: ChangeRecord[] = []
  for (let cursor: string | null | undefined; cursor !== null;) {
    const page = await changelog.changes({ limit: 100, ...(cursor === undefined ? {} : { cursor }) })
    all.push(...page.changes)
    cursor = page.nextCursor
  }
  return all.reverse()
}

/** From empty to the catalogue of today, by public id. */
function replay(changes: readonly ChangeRecord[]): Map<string, object> {
  const models = new Map<string, { fields: Record<string, unknown>; formerIds: Set<string> }>()
  for (const { modelId, provider, kind, field, from, to } of changes) {
    if (kind === 'added')
      models.set(modelId, { fields: { ...(to as object), availability: 'available' }, formerIds: new Set() })
    if (kind === 'renamed') {
      const before = `${provider}/${String(from)}`
      models.set(modelId, models.get(before)!)
      models.delete(before)
      models.get(modelId)!.formerIds.add(String(from)).delete(String(to))
    }
    const { fields } = models.get(modelId)!
    if (kind === 'unavailable' || kind === 'restored')
      fields['availability'] = to === null ? 'available' : 'unavailable'
    if (kind === 'updated' && field !== null && !field.startsWith('upstream.')) fields[field] = to
  }
  return new Map(
    [...models].map(([id, { fields, formerIds }]) => {
      const aliases = [...((fields['aliases'] as string[] | undefined) ?? []), ...formerIds]
      return [id, told({ ...fields, aliases })]
    }),
  )
}

t.test('time travel', async (t) => {
  const database = await createPostgresDatabase(t)
  const services = await startServices(t, database, { startsAt: START })
  const { litellm, modelSync, editor, pool } = services
  const now = (): number => Date.parse(START) + day * 86_400_000
  const schema = 'model_sync'
  const retention = new RunRetention({
    database: openDatabase(pool, schema),
    days: 90,
    log: captureLog('silent').logger,
    now,
  })
  const prices = new PriceService({ database: openDatabase(pool, schema), now })
  const row = (index: number): ReturnType<typeof modelRow> =>
    modelRow({ model_name: `model-${index}`, model_info: { input_cost_per_token_above_200k_tokens: 0.000005 } })
  litellm.models.splice(0, Infinity, ...Array.from({ length: MODELS }, (_, index) => row(index)))
  const said: { at: string; sheets: Map<string, object> }[] = []
  let day = 0
  for (; day < DAYS; day++) {
    // Quiet weeks in between, whose runs change nothing.
    if (day % 5 === 0) change(day)
    const result = await modelSync.syncModels({ trigger: 'interval' })
    if (day % 40 === 7) await editor.edit('litellm/model-1', { inputCostPerToken: `0.00000${1 + (day % 9)}` }, 'ann')
    if (day % 40 === 27) await editor.edit('litellm/model-1', { unpin: ['inputCostPerToken'] }, 'ann')
    if (day === 210) await services.undo.undo(result.runId!)
    const models = await services.models()
    said.push({
      at: new Date(now() + 1000).toISOString(),
      sheets: new Map([...models.values()].map((model) => [model.id, sheetOf(model)])),
    })
    services.advance({ days: 1 })
  }

  function change(today: number): void {
    const models = litellm.models
    for (const { model_info } of models.filter(() => dice() < 0.1)) {
      model_info['input_cost_per_token'] = Number((0.000001 * (1 + Math.floor(dice() * 5))).toFixed(7))
      if (dice() < 0.3) model_info['input_cost_per_token_above_200k_tokens'] = 0.000005 + Math.round(dice() * 3) / 1e6
      if (dice() < 0.2) model_info['max_input_tokens'] = 1000 * (1 + Math.floor(dice() * 100))
    }
    if (today % 25 === 0) models.push(row(MODELS + today))
    // Another case is another id of the same model.
    if (today % 90 === 10)
      for (const model of models.filter((_, index) => index % 9 === 4))
        model.model_name = model.model_name.replace(/^./, (letter) => (letter === 'm' ? 'M' : 'm'))
    if (today % 35 === 0) models.splice(Math.floor(dice() * models.length), 1)
  }

  let asked = 0
  for (const { at, sheets } of said)
    for (const [id, sheet] of sheets) {
      // Of each day other models; all of them would be twenty thousand questions.
      if (asked++ % 7 !== 0) continue
      const held = sheetOf(await prices.at(id, at))
      if (!isDeepStrictEqual(held, sheet)) t.strictSame(held, sheet, `${id} at ${at}`)
    }

  const changes = await allChanges(new ChangelogService({ database: openDatabase(pool, schema) }))
  t.strictSame(
    replay(changes),
    new Map([...(await services.models()).values()].map((model) => [model.id, told(model)])),
  )

  const runs = async (): Promise<{ changed: number; unchanged: number }> =>
    (
      await pool.query(
        `SELECT
          (count(*) FILTER (WHERE changed))::integer AS changed,
          (count(*) FILTER (WHERE NOT changed))::integer AS unchanged
        FROM model_sync.sync_runs`,
      )
    ).rows[0]
  const before = await runs()
  const removed = await retention.prune()
  t.same(
    await runs(),
    { changed: before.changed, unchanged: before.unchanged - removed },
    'what changed something stays',
  )
  t.ok(removed > 150, `${removed} runs removed`)
  const { rows: old } = await pool.query(
    `SELECT FROM model_sync.sync_runs WHERE NOT changed AND started_at < $1::timestamptz - interval '90 days'`,
    [new Date(now()).toISOString()],
  )
  t.equal(old.length, 0)
  const { rows: sizes } = await pool.query(
    `SELECT c.relname AS "table", pg_size_pretty(pg_total_relation_size(c.oid)) AS size
    FROM pg_class AS c
    WHERE c.relnamespace = 'model_sync'::regnamespace AND c.relkind = 'r'
    ORDER BY pg_total_relation_size(c.oid) DESC`,
  )
  t.ok(changes.filter(({ kind }) => kind === 'renamed').length > 5)
  for (const { table, size } of sizes) t.comment(`${table}: ${size}`)
  t.comment(`${changes.length} changes, ${before.changed} runs with changes, ${removed} runs removed`)
})
