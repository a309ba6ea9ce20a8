/** The command and the server sync the same providers from the same settings; only where no setting says which, a bare command asks all. */
import pino from 'pino'
import t, { type Test } from 'tap'
import { openLocalBackend } from '../../../src/cli/backend/local-backend.js'
import { readSyncOptions } from '../../../src/options.js'
import { optionsFromEnv } from '../../../src/options.js'
import { providerSetups } from '../../../src/plugins/provider-setups.js'
import { sources } from '../../../src/sources/all-sources.js'
import { addressVariable } from '../../../src/sources/kit/source.js'
import { confirm } from '../../../src/cli/line/confirm.js'
import { syncRequest } from '../../../src/cli/line/sync-options.js'
import { createPostgresDatabase } from '../../support/databases.js'
import { loopback } from '../../support/loopback.js'
import { PassThrough } from 'node:stream'
import { fakeTerminal, run, type Env } from '../../cli/support.js'

const silent = { warn: () => undefined }

/** Every provider's address is on this machine, where nothing has a list of models. */
async function environment(t: Test): Promise<{ env: Env; asked: () => string[] }> {
  const vendor = await loopback(t, (_request, response) => {
    response.statusCode = 404
    response.end()
  })
  const database = await createPostgresDatabase(t)
  const own = new Set(['litellm', 'morpheus', 'ollama', 'vllm', 'lmstudio'])
  const addresses = sources
    .filter(({ slug }) => !own.has(slug))
    .map((source) => [addressVariable(source), `${vendor.url}/${source.slug}`])
  const env = {
    ...Object.fromEntries(addresses),
    DATABASE_URL: database.url ?? '',
    MODEL_SYNC_PRICE_BOOK: 'false',
  } as Env
  const asked = (): string[] => [...new Set(vendor.requests.splice(0).map(({ url }) => url.split('/')[1] ?? ''))].sort()
  return { env, asked }
}

t.test('a bare command syncs what the server with the same settings would', async (t) => {
  const { env, asked } = await environment(t)
  const url = `${env['OPENROUTER_BASE_URL']?.replace('/openrouter', '')}/named`
  const settings: [string, Env][] = [
    ['an address of LiteLLM', { LITELLM_API_URL: url }],
    ['a list', { MODEL_SYNC_PROVIDERS: 'openrouter,groq', GROQ_API_KEY: 'gsk-0123456789' }],
    ['the list of active models', { ACTIVE_MODELS_URL: `${url}/active_models.json` }],
    ['an endpoint of its own', { MODEL_SYNC_OPENAI_COMPATIBLE: `box=${url}` }],
  ]
  for (const [what, more] of settings) {
    const all = { ...env, OPENAI_API_KEY: 'sk-0123456789', ...more }
    const { defaults } = providerSetups(readSyncOptions(optionsFromEnv(all)), silent)
    const ended = await run(['sync', '--json', '--dry-run'], all)
    const { providers } = ended.json<{ providers: { provider: string }[] }>()
    t.strictSame(providers.map(({ provider }) => provider).sort(), [...defaults].sort(), what)
    asked()
  }
})

t.test('with provider keys alone it means all that can be asked, as --all and --providers all do', async (t) => {
  const { env, asked } = await environment(t)
  const keyed = { ...env, OPENAI_API_KEY: 'sk-0123456789' }
  const settings = readSyncOptions(optionsFromEnv(keyed))
  const { all } = providerSetups(settings, silent)
  t.ok(all.includes('openai') && all.includes('openrouter') && !all.includes('anthropic') && !all.includes('litellm'))
  const local = await openLocalBackend(settings, pino({ level: 'silent' }))
  t.strictSame(local.unasked, all, 'what a bare command means here')
  await local.close()

  // The list of active models has no other variable than the one that says that it is wanted.
  const reachable = { ...keyed, ACTIVE_MODELS_URL: env['OPENROUTER_BASE_URL']?.replace('openrouter', 'morpheus') ?? '' }
  for (const args of [
    ['sync', '--all'],
    ['sync', '--providers', 'all'],
    ['plan', '--all'],
  ]) {
    const ended = await run([...args, '--json'], reachable)
    t.strictSame(
      ended
        .json<{ providers: { provider: string }[] }>()
        .providers.map(({ provider }) => provider)
        .sort(),
      [...all].sort(),
      args.join(' '),
    )
    t.strictSame(asked(), [...all].sort())
  }
  t.match(await run(['sync', '--all', '--providers', 'openai'], keyed), { code: 64, stderr: /expected one of them/ })
})

t.test('on a terminal a person is asked first, elsewhere never', async (t) => {
  const questions: string[] = []
  const request = (answer: boolean, values: object, unasked: readonly string[] | null = ['a', 'b']) =>
    syncRequest(
      {
        values,
        confirm: async (question) => {
          questions.push(question)
          return answer
        },
      },
      { unasked },
    )
  t.equal(await request(false, {}), null, 'no')
  t.match(questions.splice(0), [/all 2 providers that can be asked: a, b\?$/])
  t.strictSame(await request(true, {}), { providers: ['all'] }, 'yes')
  questions.length = 0
  t.strictSame(await request(false, { yes: true }), { providers: ['all'] }, '--yes answers')
  t.strictSame(await request(false, { all: true }), { providers: ['all'] }, 'whoever says --all means it')
  t.strictSame(await request(false, { providers: ['a'] }), { providers: ['a'] })
  t.strictSame(await request(false, {}, null), { providers: undefined }, 'a setting says which')
  t.strictSame(questions, [])

  const ask = (isTTY: boolean, typed: string): Promise<boolean> => {
    const stdin = Object.assign(new PassThrough(), { isTTY }) as unknown as NodeJS.ReadStream
    const stderr = isTTY
      ? (Object.assign(new PassThrough(), { isTTY }) as unknown as NodeJS.WriteStream)
      : fakeTerminal(null)
    const answer = confirm('Really?', { stdin, stderr, signal: new AbortController().signal })
    stdin.push(typed)
    return answer
  }
  t.equal(await ask(true, 'y\n'), true)
  t.equal(await ask(true, 'Yes\n'), true)
  t.equal(await ask(true, '\n'), false)
  t.equal(await ask(true, 'no\n'), false)
  t.equal(await ask(false, ''), true, 'a cron job has no terminal, and never waits')
})
