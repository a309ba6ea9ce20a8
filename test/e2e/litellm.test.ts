/** The catalogue in step with a real LiteLLM proxy: row by row, through a changed config, a limited key, a wrong one, and none at all. */
import { isDeepStrictEqual } from 'node:util'
import t, { type Test } from 'tap'
import { FIELD_NAMES, MODES } from '../../src/core/model/model.js'
import { createPostgresDatabase, needsPostgres } from '../support/databases.js'
import { BALANCED_ALONE, BRAND_NEW, EXPECTED } from './litellm/expected.js'
import { startHost, type Host, type Row } from './litellm/host.js'
import { installLiteLlm } from './litellm/install.js'
import { LIST_ONLY_KEY, LiteLlmProxy, MASTER_KEY } from './litellm/proxy.js'

needsPostgres()

// Installing takes two minutes, each of the six starts ten seconds.
t.setTimeout(900_000)

const WRONG_KEY = 'sk-e2e-wrong-key'
/** Marks in the configs what must never leave LiteLLM; the keys are marked alike. */
const SECRETS = /secret-|internal-host|sk-e2e-|api_base/

const PRICES = [
  ['inputCostPerToken', 'input_cost_per_token'],
  ['outputCostPerToken', 'output_cost_per_token'],
  ['cacheReadCostPerToken', 'cache_read_input_token_cost'],
  ['cacheWriteCostPerToken', 'cache_creation_input_token_cost'],
] as const

const installation = await installLiteLlm((line) => console.error(line))
if (typeof installation === 'string') {
  console.error(`\n!!! SKIPPED: real LiteLLM: ${installation}\n`)
  t.plan(0, `real LiteLLM: ${installation}`)
} else {
  const proxy = await LiteLlmProxy.create(installation)
  t.teardown(() => proxy.dispose())
  await t.test('a real LiteLLM proxy', (t) => followProxy(t, proxy))
}

async function followProxy(t: Test, proxy: LiteLlmProxy): Promise<void> {
  const database = await createPostgresDatabase(t, { empty: true })
  const databaseUrl = String(database.url)
  const hostWith = (t: Test, apiKey: string) => startHost(t, { databaseUrl, litellm: { url: proxy.url, apiKey } })
  const host = await hostWith(t, MASTER_KEY)

  await t.test('the first sync brings every model, row by row', async (t) => {
    await proxy.start({ models: 'models.yaml', keys: 'master' })
    const truth = await askProxy(proxy)
    t.match(truth.text, SECRETS, 'LiteLLM itself does give secrets and internal addresses away')
    const result = await host.sync()
    t.strictSame(result.errors, [])
    t.equal(result.success, true)
    t.equal(result.totalModels, truth.names.size)
    t.equal(result.newModels, truth.names.size)
    t.equal(result.rejectedModels, 0)
    t.equal(result.filteredModels, 1, 'the wildcard that LiteLLM cannot expand')
    t.match(result.warnings.join('\n'), /tiny-and-huge/, 'half a token is told')

    const models = await host.models()
    t.strictSame([...models.keys()].sort(), [...truth.names].sort(), 'the names that LiteLLM lists, and no wildcard')
    for (const expected of EXPECTED) {
      const row = models.get(expected.name)
      t.strictSame(fieldsOf(row), sortPrices(expected), expected.name)
      t.equal(row?.id, `litellm/${expected.name}`)
      t.match(row, { provider: 'litellm', origin: 'synced', ...availabilityUntil(expected.deprecationDate) })
    }
    checkExpanded(t, models, truth)
  })

  await t.test('a model by its id is the same, and nothing secret is in any answer', async (t) => {
    const models = await host.models()
    for (const row of models.values()) {
      const path = row.id.split('/').map(encodeURIComponent).join('/')
      const one = await host.get<Row>(`/models/${path}`)
      if (!isDeepStrictEqual(fieldsOf(one), fieldsOf(row))) t.strictSame(fieldsOf(one), fieldsOf(row), row.id)
    }
    const encoded = await host.get<Row>(`/models/${encodeURIComponent('litellm/team x/модель 模型:free')}`)
    t.equal(encoded.providerModelId, 'team x/модель 模型:free')
    noSecrets(t, host)
    t.notMatch(await database.dump(), SECRETS, 'nor in the database')
  })

  await t.test('the same config again changes nothing, whatever the order of the answer', async (t) => {
    const before = await host.models()
    const { revision } = await host.sync()
    await proxy.start({ models: 'models.yaml', keys: 'master' })
    const again = await host.sync()
    t.match(again, { success: true, newModels: 0, updatedModels: 0, unavailableModels: 0, restoredModels: 0, revision })
    t.equal(again.totalModels, before.size)
    t.strictSame(withoutSeen(await host.models()), withoutSeen(before))
  })

  await t.test('an edited config: the plan first, then the sync', async (t) => {
    const before = await host.models()
    await proxy.start({ models: 'models-next-day.yaml', keys: 'master' })

    const dump = await database.dump()
    const dry = await host.sync({ dryRun: true })
    t.equal(await database.dump(), dump, 'a dry run writes nothing')
    t.match(dry, { success: true, dryRun: true, runId: null, newModels: 1, updatedModels: 3, unavailableModels: 1 })
    const plan = dry.plan?.providers[0]
    t.strictSame(
      plan?.added.map(({ modelId }) => modelId),
      ['litellm/brand-new'],
    )
    t.match(plan?.unavailable, [{ modelId: 'litellm/retired-soon' }])
    t.equal(plan?.unavailable.length, 1)
    t.strictSame([plan?.restored, plan?.renamed, plan?.held, plan?.rejected], [[], [], [], []])
    t.equal(plan?.unchanged, before.size - 4)
    const updated = new Map(plan?.updated.map(({ modelId, fields }) => [modelId, fields]))
    t.strictSame([...updated.keys()], ['litellm/balanced', 'litellm/priced-as-number', 'litellm/priced-as-text'])
    t.strictSame(updated.get('litellm/priced-as-number'), {
      inputCostPerToken: { from: '0.00000125', to: '0.0000015' },
    })
    t.strictSame(updated.get('litellm/priced-as-text'), { contextLength: { from: 64_000, to: 96_000 } })
    t.strictSame(Object.keys(updated.get('litellm/balanced') ?? {}).sort(), [
      'capabilities',
      'contextLength',
      'deployments',
      'inputCostPerToken',
      'outputModalities',
      'ownedBy',
    ])

    const applied = await host.sync()
    t.match(applied, { success: true, newModels: 1, updatedModels: 3, unavailableModels: 1, heldChanges: 0 })
    const models = await host.models()
    t.strictSame(fieldsOf(models.get('brand-new')), sortPrices(BRAND_NEW))
    t.strictSame(fieldsOf(models.get('balanced')), sortPrices(BALANCED_ALONE))
    t.match(models.get('priced-as-number'), { inputCostPerToken: '0.0000015', outputCostPerToken: '0.00001' })
    t.match(models.get('priced-as-text'), { contextLength: 96_000 })
    t.match(models.get('retired-soon'), { availability: 'unavailable', unavailableReason: 'omitted' })
    const touched = ['brand-new', 'balanced', 'priced-as-number', 'priced-as-text', 'retired-soon']
    t.strictSame(withoutSeen(models, touched), withoutSeen(before, touched), 'no other row moved')

    const { changes } = await host.get<{ changes: Change[] }>('/models/changes?model=litellm%2Fpriced-as-number')
    t.match(changes[0], {
      kind: 'updated',
      field: 'inputCostPerToken',
      from: '0.00000125',
      to: '0.0000015',
      actor: 'sync',
    })
  })

  await t.test('a wrong key is a clear error, and nothing is lost', async (t) => {
    await loses(t, await hostWith(t, WRONG_KEY), /^litellm: .*400.*LITELLM_API_KEY/, host)
  })

  await t.test('a key that may only list: the names hold, all else keeps its value', async (t) => {
    await proxy.start({ models: 'models-next-day.yaml', keys: 'restricted' })
    const before = await host.models()
    const restricted = await hostWith(t, LIST_ONLY_KEY)
    const result = await restricted.sync()
    t.match(result, { success: true, errors: [], newModels: 0, updatedModels: 0, unavailableModels: 0 })
    t.match(result.warnings.join('\n'), /\/model\/info.*403/)
    t.strictSame(withoutSeen(await host.models()), withoutSeen(before))
    noSecrets(t, restricted)

    await loses(t, await hostWith(t, WRONG_KEY), /^litellm: .*401.*LITELLM_API_KEY/, host)
  })

  await t.test(
    'a LiteLLM without a config says 500, one without models an empty list: neither empties the catalogue',
    async (t) => {
      await proxy.start({ models: null, keys: 'master' })
      await loses(t, host, /^litellm: .*500.*List not loaded/, host)
      await proxy.start({ models: 'no-models.yaml', keys: 'master' })
      const held = await loses(t, host, /^litellm: .*no models.*held/, host)
      t.equal(held.providers[0]?.status, 'held')
      t.ok(held.heldChanges > 200, 'every removal is held')
    },
  )

  await t.test('LiteLLM down', async (t) => {
    await proxy.stop()
    await loses(t, host, /^litellm: .*refused.*LITELLM_API_URL/, host)
  })

  await t.test('nothing that LiteLLM knows in secret was ever said', async (t) => {
    noSecrets(t, host)
    t.notMatch(await database.dump(), SECRETS)
  })
}

interface Change {
  kind: string
  field: string | null
  from: unknown
  to: unknown
  actor: string
}

/** A sync that must fail with this error and leave every row as it is. */
async function loses(t: Test, asked: Host, error: RegExp, host: Host) {
  const before = await host.models()
  const result = await asked.sync()
  t.equal(result.success, false)
  t.equal(result.errors.length, 1)
  t.match(result.errors[0], error)
  t.match(result, { newModels: 0, updatedModels: 0, unavailableModels: 0, restoredModels: 0 })
  t.strictSame(withoutSeen(await host.models()), withoutSeen(before))
  noSecrets(t, asked)
  return result
}

interface Truth {
  /** Distinct, of /v1/models. */
  names: Set<string>
  /** The answer of /model/info as it came. */
  text: string
  /** By name, the rows of /model/info. */
  rows: Map<string, { id: string; info: Record<string, unknown> }[]>
}

/** What LiteLLM itself says, without the code under test. */
async function askProxy(proxy: LiteLlmProxy): Promise<Truth> {
  const ask = async (path: string) => {
    const answer = await fetch(proxy.url + path, { headers: { authorization: `Bearer ${MASTER_KEY}` } })
    return answer.text()
  }
  const text = await ask('/model/info')
  const rows: Truth['rows'] = new Map()
  type InfoRow = { model_name: string; model_info: Record<string, unknown> & { id: string } }
  for (const { model_name, model_info } of (JSON.parse(text) as { data: InfoRow[] }).data) {
    rows.set(model_name, [...(rows.get(model_name) ?? []), { id: model_info.id, info: model_info }])
  }
  const listed = (JSON.parse(await ask('/v1/models')) as { data: { id: string }[] }).data
  return { names: new Set(listed.map(({ id }) => id)), text, rows }
}

/** The models of `openai/*`, which are LiteLLM's own some 200, against its answer. */
/** The real dates of real models pass while this repository stays. */
function availabilityUntil(end: string | null): object {
  return end !== null && end < new Date().toISOString().slice(0, 10)
    ? { availability: 'unavailable', unavailableReason: 'deprecated' }
    : { availability: 'available', unavailableReason: null }
}

function checkExpanded(t: Test, models: Map<string, Row>, { rows }: Truth): void {
  const expanded = [...models.values()].filter(({ providerModelId }) => providerModelId.startsWith('openai/'))
  t.ok(expanded.length > 100, `openai/* stands for ${expanded.length} models`)
  const wanted = expanded.map((row) => {
    const said = rows.get(row.providerModelId) ?? []
    const info = said[0]?.info ?? {}
    // Of OpenAI's models that it states no mode of, all but the oldest are for chats.
    const assumed = /davinci|babbage|turbo-instruct/.test(row.providerModelId) ? null : 'chat'
    const mode = MODES.find((mode) => mode === info.mode) ?? assumed
    return {
      id: row.id,
      contextLength: info.max_input_tokens ?? null,
      // LiteLLM's own 0 of a moderation model is no limit.
      maxOutputTokens: info.max_output_tokens === 0 ? null : (info.max_output_tokens ?? null),
      mode,
      // LiteLLM lists some of them twice, from one deployment.
      deployments: new Set(said.map(({ id }) => id)).size,
      prices: PRICES.map(([, member]) => known(info[member] ?? null)),
    }
  })
  const found = expanded.map((row) => ({
    id: row.id,
    contextLength: row.contextLength,
    maxOutputTokens: row.maxOutputTokens,
    mode: row.mode,
    deployments: row.deployments,
    prices: PRICES.map(([field]) => known(row[field] === null ? null : Number(row[field]))),
  }))
  t.strictSame(found, wanted)
  const spellings = expanded.flatMap((row) => PRICES.map(([field]) => row[field])).filter((price) => price !== null)
  t.strictSame(
    spellings.filter((price) => typeof price !== 'string' || !/^\d+(\.\d*[1-9])?$/.test(price)),
    [],
    'prices are plain decimals',
  )
}

/** LiteLLM's map writes 0 also for what is paid by the image, the second or the character: there it is unknown. */
function known(price: unknown): unknown {
  return price === 0 ? null : price
}

function fieldsOf(row: Row | undefined): object {
  return sortPrices(Object.fromEntries(FIELD_NAMES.map((field) => [field, row?.[field]])))
}

function sortPrices(fields: object): object {
  const { otherPrices } = fields as { otherPrices?: { kind: string; unit: string }[] }
  const key = ({ kind, unit }: { kind: string; unit: string }) => `${kind}/${unit}`
  return { ...fields, otherPrices: [...(otherPrices ?? [])].sort((a, b) => (key(a) < key(b) ? -1 : 1)) }
}

/** The rows as they were stored: when the provider last answered is none of that. */
function withoutSeen(models: Map<string, Row>, but: readonly string[] = []): object {
  return Object.fromEntries(
    [...models]
      .filter(([id]) => !but.includes(id))
      .map(([id, row]) => [id, { ...row, lastSeenAt: null, stale: null }])
      .sort(([a], [b]) => (String(a) < String(b) ? -1 : 1)),
  )
}

function noSecrets(t: Test, host: Host): void {
  const found = SECRETS.exec(host.said())
  t.equal(
    found === null ? null : host.said().slice(Math.max(0, found.index - 200), found.index + 200),
    null,
    'no secret',
  )
}
