/** Set-based SQL: the number of statements does not depend on the number of models. */
import pg from 'pg'
import type { Test } from 'tap'
import type { TestDatabase } from '../../support/databases.js'
import { startHost } from '../../support/host.js'
import { manyRows } from '../../support/loopback-litellm.js'

/** Leases are renewed, work is looked for, and once an hour old runs are removed and folded, however many models there are. */
const IN_ITS_OWN_TIME =
  /^(DELETE FROM|WITH hours AS) [^]*"model_sync"\.(sync|user)_runs|^UPDATE "model_sync"\.work AS w\s+SET leased_until|^WITH kinds AS|"model_sync"\.replicas/

export default async function suite(t: Test, database: TestDatabase): Promise<void> {
  let statements: string[] = []
  const { query } = pg.Client.prototype
  pg.Client.prototype.query = function (this: pg.Client, ...parameters: unknown[]) {
    const [first] = parameters
    statements.push(typeof first === 'string' ? first : ((first as { text?: string } | undefined)?.text ?? ''))
    return Reflect.apply(query, this, parameters) as never
  } as typeof query
  t.teardown(() => {
    pg.Client.prototype.query = query
  })
  const host = await startHost(t, database)
  const { litellm, app } = host

  /** What the plugin sends for one sync. */
  async function sent(body: object = {}): Promise<string[]> {
    statements = []
    const result = await app.modelSync.syncModels(body)
    t.equal(result.success, true)
    return statements.filter((text) => !IN_ITS_OWN_TIME.test(text))
  }

  async function countsFor(models: number): Promise<Record<string, number>> {
    await host.reset(manyRows(models))
    const counts: Record<string, number> = { first: (await sent()).length }
    counts['unchanged body'] = (await sent()).length
    litellm.setShuffle(1)
    counts['unchanged rows'] = (await sent()).length
    for (const { model_info } of litellm.models.slice(0, models / 5)) model_info['max_output_tokens'] = 1
    counts['some changed'] = (await sent()).length
    const gone = litellm.models.splice(0, models / 5)
    counts['some gone'] = (await sent()).length
    litellm.models.push(...gone)
    counts['some back'] = (await sent()).length
    counts['forced'] = (await sent({ forceUpdate: true })).length
    counts['dry run'] = (await sent({ dryRun: true, forceUpdate: true })).length
    return counts
  }

  // Once an hour a run asks for old ones to be looked after.
  await app.modelSync.syncModels()
  const few = await countsFor(20)
  t.strictSame(await countsFor(600), few, 'as many for 600 models as for 20')
  t.ok(few['unchanged body']! <= 5, `${few['unchanged body']} for an unchanged body`)
  t.ok(few['first']! <= 25, `${few['first']} for the first sync`)

  t.test('behind a pooling proxy: no session state, and every table is named with its schema', async (t) => {
    await host.reset(manyRows(20))
    const all = [...(await sent()), ...(await sent())]
    for (const text of all) {
      t.notMatch(text, /^\s*(SET|PREPARE|LISTEN|DECLARE)\b|pg_(try_)?advisory_lock/i, text.slice(0, 60))
      const tables = [
        ...text.matchAll(
          /\b(?:FROM|JOIN|INTO|UPDATE)\s+(?!LATERAL|ONLY|jsonb?_|unnest|generate_series)("?\w+"?)(\.?)/gi,
        ),
      ]
      for (const [, name, dot] of tables)
        if (/^"?(models|providers|sync_runs|model_changes|catalogue|upstream_entries|migrations)"?$/.test(name!))
          t.fail(`${name}${dot} in ${text.slice(0, 80)}`)
    }
  })
}
