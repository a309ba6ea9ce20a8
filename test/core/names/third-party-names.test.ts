/** Who may lead whom where: a gateway becomes neither the default nor another provider by what it lists. */
import t from 'tap'
import { ModelResolver, type ResolverInput } from '../../../src/core/names/model-resolver.js'
import { resolvable } from './resolvable.js'

function resolver(input: Partial<ResolverInput>): ModelResolver {
  return new ModelResolver({ models: [], defaults: {}, providerOrder: [], ...input })
}

const id = (from: ModelResolver, name: string) => from.resolve(name).answer.id

t.test('a provider that lists the name of a built-in default does not become the default', async (t) => {
  const squatters = ['evil', 'litellm', 'openrouter'].flatMap((provider) => [
    resolvable('mistral-31-24b', { provider }),
    resolvable('tts-kokoro', { provider, mode: 'audio_speech' }),
    resolvable('x', { provider, name: 'Mistral-31-24B', aliases: ['mistral-31-24b'] }),
    resolvable('morpheus/mistral-31-24b', { provider }),
  ])
  for (const name of ['', '  ', 'default', 'unknown'])
    t.throws(() => resolver({ models: squatters }).resolve(name), {
      code: 'FST_MODEL_SYNC_NO_FALLBACK',
      message: /no default is set for chat requests; set DEFAULT_FALLBACK_MODEL/,
    })
  t.throws(() => resolver({ models: squatters }).resolve('', { type: 'speech' }), { message: /DEFAULT_FALLBACK_TTS/ })
  const own = [...squatters, resolvable('0x1', { provider: 'morpheus', name: 'mistral-31-24b' })]
  t.equal(id(resolver({ models: own, providerOrder: ['evil'] }), 'unknown'), 'morpheus/0x1')
  t.equal(id(resolver({ models: squatters, defaults: { chat: 'mistral-31-24b' } }), ''), 'evil/mistral-31-24b', 'set')
})

t.test('a default that is a full public id is that model', async (t) => {
  const models = [
    resolvable('gpt-4o', { provider: 'azure' }),
    resolvable('gpt-4o', { provider: 'openai' }),
    resolvable('openai/gpt-4o', { provider: 'openrouter' }),
  ]
  const defaults = { chat: 'openai/gpt-4o' }
  t.equal(id(resolver({ models, defaults, providers: ['openai'] }), 'unknown'), 'openai/gpt-4o')
  const without = models.filter(({ provider }) => provider !== 'openai')
  t.throws(() => resolver({ models: without, defaults, providers: ['openai'] }).resolve(''), {
    message: /"openai\/gpt-4o", is not among the models/,
  })
})

t.test('openai/gpt-4o of a gateway, where openai itself is synced or disabled', async (t) => {
  const claims = [
    resolvable('openai/gpt-4o', { provider: 'openrouter' }),
    resolvable('1', { provider: 'litellm', name: 'openai/gpt-4.1' }),
    resolvable('2', { provider: 'litellm', name: 'OpenAI/GPT-5' }),
    resolvable('3', { provider: 'litellm', aliases: ['openai/o3'] }),
    resolvable('4', { provider: 'litellm', name: 'openai/some model' }),
    resolvable('openai/0xAB', { provider: 'openrouter' }),
  ]
  const names = ['openai/gpt-4o', 'OpenAI/gpt-4o', ' openai/gpt-4o', 'openai/gpt-4.1', 'openai/gpt-5', 'OpenAI/GPT-5']
  const more = ['openai/o3', 'openai/some-model', 'OPENAI/SOME_MODEL', 'openai/0xAB']
  const known = resolver({ models: claims, providers: ['openai', 'openrouter'] })
  for (const name of [...names, ...more]) {
    t.throws(() => known.resolve(name, { strict: true }), { code: 'FST_MODEL_SYNC_MODEL_NOT_FOUND' }, name)
    t.notOk(known.has(name), name)
  }
  t.equal(id(known, 'openrouter/openai/gpt-4o'), 'openrouter/openai/gpt-4o', 'by the gateway’s own public id')
  const unknown = resolver({ models: claims, providers: ['openrouter', 'litellm'] })
  for (const name of [...names, ...more]) t.ok(unknown.has(name), `${name}, where there is no openai`)

  const own = [...claims, resolvable('gpt-4o', { provider: 'openai' })]
  t.equal(id(resolver({ models: own, providers: ['openai'], providerOrder: ['openrouter'] }), names[0]!), names[0])
  const other = resolver({ models: [resolvable('meta/llama', { provider: 'litellm' })], providers: ['openai'] })
  t.equal(id(other, 'meta/llama'), 'litellm/meta/llama', 'a vendor that is no provider here')
})

t.test(
  'what cannot be had is told of the provider’s own model alone, and nothing unreachable is suggested',
  async (t) => {
    const gateway = resolvable('openai/gpt-4o', { provider: 'openrouter' })
    const withheld = [{ ...gateway, reason: 'hidden' as const, since: null }]
    const from = resolver({ withheld, providers: ['openai'] })
    t.equal(from.findWithheld('openai/gpt-4o'), null)
    t.match(resolver({ withheld }).findWithheld('openai/gpt-4o'), { id: 'openrouter/openai/gpt-4o' })
    const suggested = (providers: string[]) => {
      const steps = resolver({ models: [gateway], providers }).suggest('openai/gpt-4oo', {})
      let step = steps.next()
      while (step.done !== true) step = steps.next()
      return step.value.map(({ name }) => name)
    }
    t.strictSame(suggested(['openai']), [])
    t.strictSame(suggested([]), ['openai/gpt-4o'])
  },
)
