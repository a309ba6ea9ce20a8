/** Which model a name means: the order of the ways to match, the types, the substitutes, the suggestions, whose private models count. */
import { existsSync, readFileSync } from 'node:fs'
import t from 'tap'
import { readRequestType } from '../../../src/core/names/request-type.js'
import type { RequestType } from '../../../src/core/names/request-types.js'
import type { ResolvableModel } from '../../../src/core/names/resolvable-model.js'
import { ResolveError } from '../../../src/core/names/resolve-error.js'
import { ModelResolver, type ResolveOptions } from '../../../src/core/names/model-resolver.js'
import type { Resolution } from '../../../src/core/names/resolution.js'
import { readActiveModels } from '../../../src/services/names/read-active-models.js'
import { ROOT } from '../../support/root.js'
import { DEFAULTS, resolvable } from './resolvable.js'

const FALLBACK = resolvable('mistral-31-24b')

function resolver(models: readonly ResolvableModel[], providerOrder: readonly string[] = ['litellm']): ModelResolver {
  return new ModelResolver({ models, defaults: DEFAULTS, providerOrder })
}

function ask(from: ModelResolver, name: string | null, options: ResolveOptions = {}): Resolution {
  const steps = from.suggest(name, options)
  let step = steps.next()
  while (step.done !== true) step = steps.next()
  return from.resolve(name, options, null, step.value).answer
}

function refusal(from: ModelResolver, name: string | null, options?: ResolveOptions): ResolveError {
  try {
    ask(from, name, options)
  } catch (error) {
    if (error instanceof ResolveError) return error
  }
  throw new Error(`${String(name)} was resolved`)
}

t.test('the ways to match, the first that applies', async (t) => {
  const cases: [
    what: string,
    name: string | null,
    id: string,
    by: Resolution['matchedBy'],
    models: ResolvableModel[],
  ][] = [
    [
      'a public id',
      'openai/gpt-4o',
      'openai/gpt-4o',
      'id',
      [resolvable('openai/gpt-4o', { provider: 'openrouter' }), resolvable('gpt-4o', { provider: 'openai' })],
    ],
    [
      'an id at its provider',
      'openai/gpt-4o',
      'openrouter/openai/gpt-4o',
      'id',
      [resolvable('openai/gpt-4o', { provider: 'openrouter' }), resolvable('x', { name: 'openai/gpt-4o' })],
    ],
    ['an id before a name', 'a', 'litellm/a', 'id', [resolvable('b', { name: 'a' }), resolvable('a', { name: 'c' })]],
    [
      'a hexadecimal id in another case',
      '0xABc',
      'morpheus/0xabC',
      'id',
      [resolvable('0xabC', { provider: 'morpheus', name: 'one' }), resolvable('x', { name: '0xABc' })],
    ],
    [
      'the same with its provider',
      'morpheus/0XABC',
      'morpheus/0xabc',
      'id',
      [resolvable('0xabc', { provider: 'morpheus', name: 'one' })],
    ],
    [
      'white space around an id',
      ' 0xabc ',
      'litellm/mistral-31-24b',
      'fallback',
      [resolvable('0xabc', { provider: 'morpheus', name: 'one' })],
    ],
    [
      'a name',
      'Some Name',
      'litellm/x',
      'name',
      [resolvable('x', { name: 'Some Name' }), resolvable('y', { aliases: ['Some Name'] })],
    ],
    [
      'a name before the same in another case',
      'Name',
      'litellm/x',
      'name',
      [resolvable('y', { name: 'name' }), resolvable('x', { name: 'Name' })],
    ],
    ['a name in another case', 'NAME', 'litellm/y', 'name', [resolvable('y', { name: 'name' })]],
    [
      'a name in another case before an alias',
      'NAME',
      'litellm/y',
      'name',
      [resolvable('x', { aliases: ['NAME'] }), resolvable('y', { name: 'Name' })],
    ],
    ['an alias', 'other', 'litellm/x', 'alias', [resolvable('x', { aliases: ['other', 'more'] })]],
    [
      'an alias that two claim',
      'other',
      'litellm/mistral-31-24b',
      'fallback',
      [resolvable('x', { aliases: ['other'] }), resolvable('y', { aliases: ['other'] })],
    ],
    [
      'an alias that is the slug of another name',
      'some-name',
      'litellm/mistral-31-24b',
      'fallback',
      [
        resolvable('x', { aliases: ['some-name'] }),
        resolvable('y', { name: 'x y' }),
        resolvable('z', { name: 'Some Name' }),
        resolvable('w', { name: 'Some_Name' }),
      ],
    ],
    ['the slug of a name', 'some-name-4.5', 'litellm/x', 'slug', [resolvable('x', { name: 'Some Name_4.5' })]],
    ['a slug that is a name', 'Some  _Name', 'litellm/x', 'slug', [resolvable('x', { name: 'some-name' })]],
    [
      'a slug that is a name in another case',
      ' some name ',
      'litellm/x',
      'slug',
      [resolvable('x', { name: 'Some-Name' })],
    ],
    ['a slug that is the slug of one name', 'SOME_NAME', 'litellm/x', 'slug', [resolvable('x', { name: 'Some Name' })]],
    [
      'the slug of one name, and an alias of another',
      'SOME_NAME',
      'litellm/x',
      'slug',
      [resolvable('x', { name: 'Some Name' }), resolvable('y', { aliases: ['some-name'] })],
    ],
    [
      'a slug that two names share',
      'SOME_NAME',
      'litellm/mistral-31-24b',
      'fallback',
      [resolvable('x', { name: 'Some Name' }), resolvable('y', { name: 'some  name' })],
    ],
    ['white space around a name', '\tx\n', 'litellm/x', 'slug', [resolvable('x')]],
    ['nothing', '', 'litellm/mistral-31-24b', 'default', []],
    ['null', null, 'litellm/mistral-31-24b', 'default', []],
    ['blank', ' \n', 'litellm/mistral-31-24b', 'default', []],
    ['default', 'default', 'litellm/mistral-31-24b', 'default', [resolvable('default')]],
    ['an unknown name', 'zz', 'litellm/mistral-31-24b', 'fallback', []],
    ['a member of every object', 'constructor', 'litellm/mistral-31-24b', 'fallback', []],
  ]
  for (const [what, name, id, by, models] of cases) {
    const answer = ask(resolver([FALLBACK, ...models]), name)
    t.match(answer, { requested: name ?? '', id, matchedBy: by, fallback: by === 'fallback' }, what)
  }
})

t.test('the whole answer', async (t) => {
  const models = [FALLBACK, resolvable('gpt', { provider: 'openai' }), resolvable('gpt', { mode: null })]
  t.strictSame(ask(resolver(models), 'gpt'), {
    requested: 'gpt',
    type: 'chat',
    id: 'litellm/gpt',
    provider: 'litellm',
    providerModelId: 'gpt',
    name: 'gpt',
    mode: null,
    matchedBy: 'id',
    fallback: false,
    alternatives: ['openai/gpt'],
    suggestions: [],
  })
})

t.test('several own the name: the order of providers, then the newest, then the lowest id', async (t) => {
  const one = (provider: string, id: string, createdAt: string | null) =>
    resolvable(id, { provider, createdAt, name: 'same' })
  const models = [
    one('zed', '1', null),
    one('b', '5', null),
    one('b', '3', '2026-01-01T00:00:00.000Z'),
    one('b', '4', '2026-02-01T00:00:00.000Z'),
    one('b', '2', '2026-01-01T00:00:00.000Z'),
    one('a', '9', '2027-01-01T00:00:00.000Z'),
  ]
  for (const name of ['same', 'SAME', ' same']) {
    const { id, alternatives } = ask(resolver(models, ['b', 'a']), name)
    t.strictSame([id, ...alternatives], ['b/4', 'b/2', 'b/3', 'b/5', 'a/9', 'zed/1'], name)
  }
  const embedding = resolvable('e', { name: 'same', mode: 'embedding' })
  t.equal(
    ask(resolver([embedding, ...models], ['litellm', 'b']), 'same').id,
    'b/4',
    'one that serves another type is none of them',
  )
  t.equal(ask(resolver([embedding, ...models], ['b']), 'same', { type: 'embedding' }).id, 'litellm/e')
})

t.test('types', async (t) => {
  const models = [
    FALLBACK,
    resolvable('e', { mode: 'embedding' }),
    resolvable('c', { mode: 'completion' }),
    resolvable('u', { mode: null }),
  ]
  const all = resolver(models)
  t.match(refusal(all, 'e'), {
    code: 'FST_MODEL_SYNC_TYPE_MISMATCH',
    statusCode: 400,
    message: /litellm\/e of mode embedding/,
  })
  t.equal(refusal(all, 'mistral-31-24b', { type: 'speech' }).code, 'FST_MODEL_SYNC_TYPE_MISMATCH')
  t.equal(ask(all, 'c').id, 'litellm/c', 'text is text')
  for (const type of ['chat', 'embedding', 'speech', 'transcription'] as const)
    t.equal(ask(all, 'u', { type }).id, 'litellm/u', `of unknown mode: ${type}`)
  const words: Record<string, RequestType | null> = {
    LLM: 'chat',
    chat: 'chat',
    EMBEDDINGS: 'embedding',
    embedding: 'embedding',
    TTS: 'speech',
    speech: 'speech',
    STT: 'transcription',
    Transcription: 'transcription',
    image: null,
    constructor: null,
  }
  for (const [word, type] of Object.entries(words)) t.equal(readRequestType(word), type, word)
})

t.test('a substitute that is missing or of the wrong mode is an error', async (t) => {
  t.match(refusal(resolver([resolvable('x')]), 'y'), {
    code: 'FST_MODEL_SYNC_NO_FALLBACK',
    statusCode: 404,
    message: /there is no model "y".*"mistral-31-24b", is not among the models/,
  })
  t.match(refusal(resolver([resolvable('x')]), null, { type: 'speech' }), {
    message: /^the default for speech requests, "tts-kokoro"/,
  })
  t.match(refusal(resolver([resolvable('tts-kokoro')]), null, { type: 'speech' }), {
    code: 'FST_MODEL_SYNC_NO_FALLBACK',
    message: /whose mode is chat/,
  })
  const itself = new ModelResolver({
    models: [FALLBACK],
    defaults: { ...DEFAULTS, chat: 'default' },
    providerOrder: [],
  })
  t.equal(refusal(itself, null).code, 'FST_MODEL_SYNC_NO_FALLBACK')
})

t.test('suggestions', async (t) => {
  const names = [
    'Claude Opus 4.5',
    'claude-opus-4.8-mini',
    'gpt-4o',
    'gpt-4o-mini',
    'gpt-4.1',
    'meta-llama/Llama-3.3-70B-Instruct',
    'qwen3-235b',
    'venice-uncensored',
    'venice-uncensored-web',
  ]
  const all = resolver([
    FALLBACK,
    resolvable('gpt-4o-embed', { mode: 'embedding' }),
    ...names.map((name) => resolvable(`id-${name}`, { name })),
  ])
  const cases: [name: string, first: string | null][] = [
    ['venice-uncensored:web', 'venice-uncensored-web'],
    ['venice-uncensored:free', 'venice-uncensored'],
    ['openai/gpt-4o:nitro', 'gpt-4o'],
    ['gtp-4o', 'gpt-4o'],
    ['qwen-3-235b', 'qwen3-235b'],
    ['llama 3.3 70b instruct:free', 'meta-llama/Llama-3.3-70B-Instruct'],
    ['claude-opus-4-6', 'Claude Opus 4.5'],
    ['completely-else', null],
    ['x'.repeat(100_000), null],
  ]
  for (const [name, first] of cases) {
    const error = refusal(all, name, { strict: true })
    t.match(error, { code: 'FST_MODEL_SYNC_MODEL_NOT_FOUND', statusCode: 404 })
    t.equal(error.suggestions[0] ?? null, first, name.slice(0, 40))
    t.strictSame(ask(all, name).suggestions, error.suggestions, 'the same beside a substitute')
    t.ok(error.message.length < 1000)
  }
  t.match(
    refusal(all, 'claude-opus-4-6', { strict: true }).message,
    '"Claude Opus 4.5" (another version)',
    'another version says so',
  )
  t.notMatch(refusal(all, 'venice-uncensored:web', { strict: true }).message, 'another version')
  t.notOk(refusal(all, 'gpt-4o-embe', { strict: true }).suggestions.includes('gpt-4o-embed'), 'of another type: none')
  const many = resolver(Array.from({ length: 20 }, (_, index) => resolvable(`model-${index}`)))
  t.equal(refusal(many, 'model-x', { strict: true }).suggestions.length, 5)
})

t.test('a private model is there for its users alone', async (t) => {
  const mine = resolvable('mine', { privateTo: ['u1', 'u2'], aliases: ['shared'] })
  const open = resolvable('open', { aliases: ['shared'] })
  const all = resolver([FALLBACK, mine, open])
  t.equal(ask(all, 'mine', { viewer: 'u2' }).id, 'litellm/mine')
  for (const viewer of [null, 'u3']) {
    for (const name of ['mine', 'litellm/mine', 'MINE', ' mine']) {
      t.equal(ask(all, name, { viewer }).matchedBy, 'fallback', name)
      t.notOk(refusal(all, name, { viewer, strict: true }).suggestions.includes('mine'))
    }
    t.equal(ask(all, 'shared', { viewer }).id, 'litellm/open', 'one that they do not see claims nothing')
  }
  t.equal(ask(all, 'shared', { viewer: 'u1' }).matchedBy, 'fallback', 'two that they see do')
  const hiding = resolver([FALLBACK, resolvable('a', { privateTo: ['u1'] }), resolvable('b', { name: 'a' })])
  t.equal(ask(hiding, 'a').id, 'litellm/b')
  t.equal(ask(hiding, 'a', { viewer: 'u1' }).id, 'litellm/a')
})

interface Case {
  list: string
  type: string
  model: string | null
  expected: {
    result: 'id' | 'fallback' | 'error'
    id?: string
    name?: string
    code?: string
    strict?: string
    suggestions?: string[]
  }
}

const CASES = new URL('../shared/reference/resolution-cases.json', ROOT)
t.test('the cases of a real registry', { skip: existsSync(CASES) ? false : 'they are not here' }, async (t) => {
  const { lists, cases } = JSON.parse(readFileSync(CASES, 'utf8')) as {
    lists: Record<string, { models: unknown[] }>
    cases: Case[]
  }
  for (const { list, type: word, model, expected } of cases) {
    const all = resolver((await readActiveModels(lists[list])).models, ['morpheus'])
    const type = readRequestType(word) ?? 'chat'
    const what = `${list}: ${JSON.stringify(model)} as ${word}`
    if (expected.result === 'error') {
      const error = refusal(all, model, { type })
      if (expected.code !== undefined) t.equal(error.code, expected.code, what)
      t.strictSame(expected.suggestions?.filter((name) => !error.suggestions.includes(name)) ?? [], [], what)
      continue
    }
    const answer = ask(all, model, { type })
    if (expected.result === 'id') t.match(answer, { providerModelId: expected.id, name: expected.name }, what)
    else t.match(answer, { matchedBy: 'fallback', fallback: true }, what)
    t.strictSame(expected.suggestions?.filter((name) => !answer.suggestions.includes(name)) ?? [], [], what)
    if (expected.strict !== undefined) t.equal(refusal(all, model, { type, strict: true }).code, expected.strict, what)
  }
})
