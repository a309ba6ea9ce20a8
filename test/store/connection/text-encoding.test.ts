/** Databases in other encodings than UTF-8: an odd character never stops the others. */
import { randomBytes } from 'node:crypto'
import pg from 'pg'
import t, { type Test } from 'tap'
import { createPostgresDatabase, type TestDatabase } from '../../support/databases.js'
import { startHost } from '../../support/host.js'
import { manyRows } from '../../support/litellm-rows.js'

/** A fresh database of that encoding, on the server of the tests. */
async function createDatabase(t: Test, encoding: string): Promise<TestDatabase> {
  const beside = await createPostgresDatabase(t)
  const name = `model_sync_${encoding.toLowerCase()}_${randomBytes(4).toString('hex')}`
  const admin = new pg.Client(beside.poolConfig)
  await admin.connect()
  await admin.query(`CREATE DATABASE ${name} ENCODING '${encoding}' TEMPLATE template0 LOCALE 'C' LOCALE_PROVIDER libc`)
  const url = Object.assign(new URL(beside.url!), { pathname: name }).href
  const close = async (): Promise<void> => {
    await admin.query(`DROP DATABASE IF EXISTS ${name} WITH (FORCE)`).catch(() => undefined)
    await admin.end().catch(() => undefined)
  }
  t.teardown(close)
  return { ...beside, url, poolConfig: { connectionString: url }, close }
}

const cases: [encoding: string, held: string][] = [
  ['LATIN1', 'Café ÿ'],
  ['WIN1252', 'Café €'],
  ['LATIN2', 'Łódź'],
  ['EUC_JP', 'plain'],
  ['SQL_ASCII', '模型 😀 Ł'],
]

for (const [encoding, held] of cases) {
  t.test(encoding, async (t) => {
    const host = await startHost(t, await createDatabase(t, encoding), { settings: { minRemovals: 1000 } })
    const rows = manyRows(4, { seed: 3 }).map((row, at) => ({
      ...row,
      model_name: ['模型一', '模型二', `m-${held}`, 'plain-one'][at]!,
      model_info: { ...row.model_info, description: `описание 😀 \u0085 ${held}`, supported_openai_params: ['温度'] },
    }))
    await host.reset(rows)
    const first = await host.sync()
    t.match(first, { success: true, newModels: 4 })
    const lossy = encoding !== 'SQL_ASCII'
    t.equal(
      first.warnings.some((line) => new RegExp(`\\d entries have characters .* in ${encoding} cannot hold`).test(line)),
      lossy,
      first.warnings.join(),
    )
    t.match(
      await host.sync(),
      { providers: [{ status: 'not-modified' }], warnings: first.warnings },
      'an unchanged listing says so again',
    )
    const models = await host.models()
    t.ok(models.has(`m-${held}`), `${[...models.keys()].join()} keep what fits`)
    t.ok(models.has(lossy ? '~6a21~578b~4e00' : '模型一'))
    t.equal(models.size, 4, 'two ids that differ stay two')
    t.match(
      (await host.get(`/models?search=${encodeURIComponent('模型一')}`)).body,
      { total: 1 },
      'found as it is written',
    )
    t.equal((await host.get(`/models/litellm/${encodeURIComponent('模型一')}`)).status, 200)
    for (const name of ['模型一', 'litellm/模型二', `M-${held}`])
      t.match(await host.app.modelSync.resolve(name, { strict: true }), { requested: name, fallback: false }, name)
    await t.rejects(host.app.modelSync.resolve('模型三', { strict: true }), { code: 'FST_MODEL_SYNC_MODEL_NOT_FOUND' })
    await host.request({
      method: 'PATCH',
      url: `/models/litellm/${encodeURIComponent('模型二')}`,
      payload: { availability: 'unavailable' },
    })
    await host.app.modelSync.catalogue.refresh()
    await t.rejects(
      host.app.modelSync.resolve('模型二', { strict: true }),
      { code: 'FST_MODEL_SYNC_MODEL_UNAVAILABLE' },
      'nor is what cannot be had unknown',
    )
    await host.request({
      method: 'PATCH',
      url: `/models/litellm/${encodeURIComponent('模型二')}`,
      payload: { unpin: ['availability'] },
    })

    t.match(await host.sync({ forceUpdate: true }), {
      success: true,
      updatedModels: 0,
      newModels: 0,
      unavailableModels: 0,
    })
    host.litellm.models.push(...manyRows(1, { seed: 9 }).map((row) => ({ ...row, model_name: '新しい' })))
    t.match(await host.sync(), { success: true, newModels: 1, updatedModels: 0 })
    host.litellm.setFault('/model/info', { kind: 'status', status: 400, message: 'ключ не подходит' })
    t.match(
      await host.sync({ forceUpdate: true }),
      { success: false },
      'a message that it cannot hold is stored all the same',
    )
    const byHand = await host.request({
      method: 'POST',
      url: '/models',
      payload: { provider: 'house', providerModelId: '自家', name: '自家モデル', description: 'ё' },
    })
    t.equal(byHand.status, 201, byHand.text)
    t.ok((await host.changes()).length > 4)
  })
}
