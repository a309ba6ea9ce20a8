/** Addresses as the clients of each provider's API spell them, and behind a gateway's path. */
import t from 'tap'
import { baseAddress } from '../../src/upstream/base-address.js'
import { listingAddress } from '../../src/upstream/addresses.js'
import { sources } from '../../src/sources/all-sources.js'

function asked(slug: string, address: string): string[] {
  const source = sources.find((one) => one.slug === slug)!
  const base = baseAddress(address, source)
  return source.listings.map(({ path }) => listingAddress(base, path).href.split('?')[0]!)
}

const SPELLINGS: [slug: string, addresses: string[], asked: string][] = [
  [
    'openai',
    ['https://api.openai.com', 'https://api.openai.com/v1', 'https://api.openai.com/v1/'],
    'https://api.openai.com/v1/models',
  ],
  ['anthropic', ['https://api.anthropic.com', 'https://api.anthropic.com/v1'], 'https://api.anthropic.com/v1/models'],
  [
    'groq',
    ['https://api.groq.com', 'https://api.groq.com/openai/v1', 'https://api.groq.com/openai'],
    'https://api.groq.com/openai/v1/models',
  ],
  ['openrouter', ['https://openrouter.ai/api/v1', 'https://openrouter.ai/api'], 'https://openrouter.ai/api/v1/models'],
  [
    'gemini',
    ['https://g.example', 'https://g.example/v1beta/openai/', 'https://g.example/v1beta', 'https://g.example/v1'],
    'https://g.example/v1beta/models',
  ],
  ['mistral', ['https://api.mistral.ai', 'https://api.mistral.ai/v1'], 'https://api.mistral.ai/v1/models'],
  [
    'cohere',
    ['https://api.cohere.com/v2', 'https://api.cohere.com/compatibility/v1'],
    'https://api.cohere.com/v1/models',
  ],
  ['deepseek', ['https://api.deepseek.com'], 'https://api.deepseek.com/models'],
  ['deepseek', ['https://api.deepseek.com/v1'], 'https://api.deepseek.com/v1/models'],
  ['deepinfra', ['https://api.deepinfra.com/v1/openai'], 'https://api.deepinfra.com/models/list'],
  [
    'fireworks',
    ['https://api.fireworks.ai/inference/v1', 'https://api.fireworks.ai'],
    'https://api.fireworks.ai/inference/v1/models',
  ],
  ['together', ['https://api.together.xyz/v1'], 'https://api.together.xyz/v1/models'],
  ['alibaba', ['https://d.example/compatible-mode/v1', 'https://d.example/api/v1'], 'https://d.example/api/v1/models'],
  [
    'azure',
    ['https://x.openai.azure.com/', 'https://x.openai.azure.com/openai/v1/', 'https://x.openai.azure.com/openai'],
    'https://x.openai.azure.com/openai/models',
  ],
  ['ollama', ['http://box:11434', 'http://box:11434/v1', 'http://box:11434/api/'], 'http://box:11434/api/tags'],
  ['lmstudio', ['http://box:1234/v1'], 'http://box:1234/api/v0/models'],
  [
    'zai',
    ['https://api.z.ai/api/paas/v4', 'https://api.z.ai/api/coding/paas/v4'],
    'https://api.z.ai/api/paas/v4/models',
  ],
  [
    'litellm',
    ['http://h:4000', 'http://h:4000/', 'http://h:4000/v1', 'http://h:4000/v1/', 'http://h:4000/ui/'],
    'http://h:4000/model/info',
  ],
  [
    'litellm',
    ['http://h:4000/proxy', 'http://h:4000/proxy/v1', 'http://h:4000/proxy/v1/'],
    'http://h:4000/proxy/model/info',
  ],
  ['morpheus', ['https://active.example/v1/list.json'], 'https://active.example/v1/list.json'],
]

t.test('an address may end as the clients of the API want it', async (t) => {
  for (const [slug, addresses, expected] of SPELLINGS)
    for (const address of addresses) t.equal(asked(slug, address)[0], expected, `${slug} at ${address}`)
  t.same(asked('litellm', 'http://h:4000/v1'), [
    'http://h:4000/model/info',
    'http://h:4000/v1/models',
    'http://h:4000/model/deprecations',
  ])
})

t.test('each provider is asked as ever at its own address, and below a gateway’s path', async (t) => {
  for (const { slug, baseUrl, addressVariable, listings } of sources) {
    if (slug === 'morpheus') continue
    const own = baseUrl ?? 'https://own.example'
    const paths = listings.map(({ path }) => path.split('?')[0]!)
    t.same(
      asked(slug, own),
      paths.map((path) => `${own}${path}`),
      `${slug} (${addressVariable ?? ''})`,
    )
    t.same(
      asked(slug, `https://gw.example/team/${slug}-gateway/`),
      paths.map((path) => `https://gw.example/team/${slug}-gateway${path}`),
    )
  }
})

t.test('the query of an address stays', async (t) => {
  const azure = sources.find(({ slug }) => slug === 'azure')!
  const base = baseAddress('https://gw.example/azure/openai/?api-version=preview', azure)
  t.equal(base, 'https://gw.example/azure?api-version=preview')
})
