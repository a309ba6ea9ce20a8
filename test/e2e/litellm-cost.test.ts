/** What a request costs, by us and by LiteLLM's own cost_per_token: 2,000 random requests to models of its map, each difference with its reason. */
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { createInterface } from 'node:readline'
import { fileURLToPath } from 'node:url'
import t, { type Test } from 'tap'
import { PriceUnknownError } from '../../src/errors.js'
import { createPostgresDatabase, needsPostgres } from '../support/databases.js'
import { startHost } from '../support/host.js'
import { modelRow, random } from '../support/litellm-rows.js'
import { installLiteLlm, pythonEnvironment, type Installation } from './litellm/install.js'

needsPostgres()

// Installing takes two minutes.
t.setTimeout(900_000)

const REQUESTS = 2000
const MODES = ['chat', 'completion', 'responses']
const TIER = /_above_\d+k_tokens$/
/** Where tiers begin and end, and a token beside. */
const EDGES = [32_000, 128_000, 200_000, 256_000, 272_000].flatMap((edge) => [edge - 1, edge, edge + 1])
/** LiteLLM adds doubles. */
const NOISE = 1e-9

type Info = Readonly<Record<string, unknown>>
interface Request {
  model: string
  provider: string
  inputTokens: number
  outputTokens: number
  cacheReadTokens: number
}
type Theirs = { prompt: number; completion: number } | { error: string }
/** `null`: we know no price for a part of it. */
type Ours = { prompt: number; completion: number } | null

/** Why the two may differ; whatever differs without one of these reasons is a mistake. */
const REASONS: {
  reason: string
  holds(request: Request, info: Info, ours: Ours, map: Record<string, Info>): boolean
}[] = [
  {
    reason: 'we refuse where the price of cached tokens is not known; LiteLLM takes the price of input, or nothing',
    holds: ({ cacheReadTokens }, info, ours) =>
      ours === null && cacheReadTokens > 0 && (info['cache_read_input_token_cost'] ?? null) === null,
  },
  {
    reason: 'LiteLLM’s map writes 0 for models without limits, and for what is paid by image or second: we refuse',
    holds: (_request, info, ours) =>
      ours === null &&
      [info['input_cost_per_token'], info['output_cost_per_token']].some((price) => (price ?? 0) === 0),
  },
  {
    reason: 'prices with hours: LiteLLM takes those of the moment at which it is asked',
    holds: (_request, info) => info['off_peak_pricing'] !== undefined,
  },
  {
    reason: 'LiteLLM’s calculation for Perplexity leaves tiers out, although its map states them',
    holds: ({ provider }, info) => provider === 'perplexity' && Object.keys(info).some((member) => TIER.test(member)),
  },
  {
    reason:
      'LiteLLM looks the name up with its provider’s prefix first, or without it, and its map has another price there',
    holds: ({ model, provider }, info, _ours, map) =>
      [`${provider}/${model}`, model.replace(`${provider}/`, '')].some((name) => {
        const price = map[name]?.['input_cost_per_token']
        return price !== undefined && price !== info['input_cost_per_token']
      }),
  },
]

const installation = await installLiteLlm((line) => console.error(line))
if (typeof installation === 'string') {
  console.error(`\n!!! SKIPPED: LiteLLM's own costs: ${installation}\n`)
  t.plan(0, `LiteLLM's own costs: ${installation}`)
} else await t.test('what requests cost, by us and by LiteLLM', (t) => compare(t, installation))

async function compare(t: Test, installation: Installation): Promise<void> {
  const litellm = await startArithmetic(t, installation)
  const { map } = litellm
  const known = Object.entries(map).filter(
    ([name, { mode, litellm_provider: provider, input_cost_per_token: price }]) =>
      name !== 'sample_spec' && MODES.includes(mode as string) && typeof provider === 'string' && price !== undefined,
  )
  t.ok(known.length > 1000, `${known.length} models`)
  const models = known.map(([name, info]) => ({
    ...modelRow({ model_name: name }),
    litellm_params: { model: name },
    model_info: { ...info, id: name, key: name },
  }))
  const database = await createPostgresDatabase(t)
  const host = await startHost(t, database, {
    litellm: { models: models as unknown as ReturnType<typeof modelRow>[] },
    settings: { priceBook: false },
  })
  const { errors, totalModels } = await host.sync()
  t.strictSame(errors, [])
  t.equal(totalModels, known.length)

  const tiered = known.filter(([, info]) => Object.keys(info).some((member) => TIER.test(member)))
  const next = random(2026)
  const tally = new Map<string, number>()
  const unexplained: unknown[] = []
  let [tiers, cached, same] = [0, 0, 0]
  for (let count = 0; count < REQUESTS; count++) {
    const models = next() < 0.3 ? tiered : known
    const [model, info] = models[Math.floor(next() * models.length)]!
    const any = Math.floor(next() < 0.5 ? next() * 600_000 : Math.exp(next() * Math.log(600_000)))
    const inputTokens = next() < 0.2 ? EDGES[Math.floor(next() * EDGES.length)]! : any
    const request: Request = {
      ...{ model, provider: info['litellm_provider'] as string, inputTokens },
      outputTokens: Math.floor(Math.exp(next() * Math.log(60_000))),
      cacheReadTokens: next() < 0.5 ? 0 : Math.floor(next() * inputTokens),
    }
    const [theirs, { ours, tier }] = await Promise.all([litellm.ask(request), askUs(request)])
    if (ours !== null && 'prompt' in theirs && agree(ours, theirs)) {
      same += 1
      if (tier) tiers += 1
      if (request.cacheReadTokens > 0) cached += 1
      continue
    }
    const found = REASONS.find(({ holds }) => holds(request, info, ours, map))
    if (found === undefined) unexplained.push({ request, ours, theirs, info })
    else tally.set(found.reason, (tally.get(found.reason) ?? 0) + 1)
  }
  t.comment(`${same} of ${REQUESTS} the same, ${tiers} of them in a tier, ${cached} with cached tokens`)
  for (const [reason, count] of tally) t.comment(`${count}: ${reason}`)
  t.strictSame(unexplained.slice(0, 5), [])
  t.ok(same > REQUESTS * 0.7, 'most are the same')
  t.ok(tiers > 100 && cached > 200, 'tiers and cached tokens among them')

  async function askUs({ model, provider: _, ...tokens }: Request): Promise<{ ours: Ours; tier: boolean }> {
    try {
      const { parts } = await host.app.modelSync.prices.cost({ model: `litellm/${model}`, ...tokens })
      const sum = (isOutput: boolean): number =>
        parts.filter(({ kind }) => (kind === 'output') === isOutput).reduce((all, { cost }) => all + Number(cost), 0)
      return { ours: { prompt: sum(false), completion: sum(true) }, tier: parts.some(({ tier }) => tier !== null) }
    } catch (error) {
      if (error instanceof PriceUnknownError) return { ours: null, tier: false }
      throw error
    }
  }
}

function agree(ours: { prompt: number; completion: number }, theirs: { prompt: number; completion: number }): boolean {
  return (['prompt', 'completion'] as const).every(
    (part) => Math.abs(ours[part] - theirs[part]) <= NOISE * Math.max(ours[part], theirs[part]),
  )
}

/** LiteLLM in a Python of its own, without a network: what it knows, and what it says of one request after another. */
async function startArithmetic(
  t: Pick<Test, 'teardown'>,
  { python, pythonPath }: Installation,
): Promise<{ map: Record<string, Info>; ask(request: Request): Promise<Theirs> }> {
  const script = fileURLToPath(new URL('litellm/cost.py', import.meta.url))
  const child = spawn(python, [script], {
    stdio: ['pipe', 'pipe', 'ignore'],
    env: { ...pythonEnvironment(pythonPath), LITELLM_LOCAL_MODEL_COST_MAP: 'True', LITELLM_TELEMETRY: 'False' },
  })
  t.teardown(async () => {
    const ended = once(child, 'exit')
    child.stdin.end()
    await ended
  })
  const lines = createInterface({ input: child.stdout })[Symbol.asyncIterator]()
  const read = async <T>(): Promise<T> => {
    const { value, done } = await lines.next()
    if (done === true) throw new Error('LiteLLM ended early')
    return JSON.parse(value) as T
  }
  const map = await read<Record<string, Info>>()
  return {
    map,
    ask: (request) => {
      child.stdin.write(`${JSON.stringify(request)}\n`)
      return read<Theirs>()
    },
  }
}
