import { createHash } from 'node:crypto'
import t from 'tap'
import { createEntryRedactor } from '../../../src/upstream/redact-entries.js'
import { sentSecrets } from '../../../src/upstream/sent-secrets.js'
import { keepMembers } from '../../../src/sources/kit/members.js'
import { selectionOf } from '../../../src/sources/kit/member-selection.js'

t.test('members by name, in objects and lists, at each depth', async (t) => {
  const keep = 'id tags tags{name} limits{max tiers{from to}} supports_* nested{deep{own}}'
  t.strictSame(
    keepMembers(
      { keep },
      {
        id: 'a',
        api_key: 'sk-1',
        tags: ['x', { name: 'y', owner: 'me' }, ['z']],
        limits: { max: 5, path: '/x', tiers: [{ from: 0, to: null, user: 1 }, 'odd'] },
        supports_vision: true,
        supports_contact: 'alice@corp.example',
        supports_team: { id: 1 },
        nested: { deep: { own: false, other: 1 }, other: 1 },
      },
    ),
    {
      id: 'a',
      tags: ['x', { name: 'y' }],
      limits: { max: 5, tiers: [{ from: 0 }] },
      supports_vision: true,
      nested: { deep: { own: false } },
    },
  )
  t.strictSame(keepMembers({ keep: 'name' }, { name: { first: 'an object where a text belongs' } }), null)
  for (const entry of [null, 5, 'text', [], {}]) t.equal(keepMembers({ keep }, entry), null)
  t.equal(keepMembers(undefined, { id: 'a' }), null, 'without a list nothing is kept')
  t.throws(() => selectionOf('id pricing{prompt'), { message: /braces/ })
})

t.test('a text keeps no key, no path on a disk, no user or query of an address', async (t) => {
  const kept = (text: string): unknown => keepMembers({ keep: 'text' }, { text })?.['text']
  t.equal(
    kept('see https://me:secret@host.example/docs?token=abc#part for more'),
    'see https://host.example/docs#part for more',
  )
  t.equal(kept('https://host.example/a?sig=1'), 'https://host.example/a')
  t.equal(kept('use sk-proj-a1B2c3D4e5F6g7H8i9J0 here'), 'use [redacted] here')
  for (const text of ['/home/alice/models/x', '/opt/models/x', '~/x/y', 'C:\\models\\x', 'file:///x'])
    t.equal(kept(text), undefined, text)
  for (const text of [
    '/v1/chat/completions',
    'a/b',
    '0<Token<=32k',
    'text->text',
    'xai-grok-4-fast-non-reasoning',
    'hf-internal-testing/tiny-random',
  ])
    t.equal(kept(text), text)
  t.strictSame(keepMembers({ keep: 'words' }, { words: ['a', '--model=/x', '-m', 'k=v', '/home/me/x'] }), {
    words: ['a'],
  })
  t.strictSame(keepMembers({ keep: 'id mode', texts: { id: /^[a-f\d]+$/ } }, { id: 'not hex', mode: 'chat' }), {
    mode: 'chat',
  })
})

t.test('the key that was sent is taken out of what comes back', async (t) => {
  const key = 'sk-acme-9f3A7c21d8e04b6fQz'
  const redact = createEntryRedactor([key, ''])
  const entry = {
    id: `model-${key}`,
    whole: key,
    piece: `the key ${key.slice(10, 24)} is old`,
    bytes: Buffer.from(`Bearer ${key}`).toString('base64'),
    [key]: 1,
    harmless: 'acme/sk-large',
  }
  const redacted = redact(JSON.stringify(entry))
  t.notMatch(redacted, /9f3A7c|Buffer/)
  t.notMatch(redacted, Buffer.from(key).toString('base64').slice(4, 20))
  t.match(JSON.parse(redacted), { id: 'model-[redacted]', whole: '[redacted]', harmless: 'acme/sk-large' })
  const other = JSON.stringify({ id: 'acme/titan', description: 'x'.repeat(500) })
  t.equal(redact(other), other)
  t.equal(createEntryRedactor(['sk-acme2025'])('{"id":"m-sk-acme2025"}'), '{"id":"m-[redacted]"}', 'short, and no word')
  const hex = Buffer.from('sk-acme2025').toString('hex')
  t.equal(createEntryRedactor(['sk-acme2025'])(`{"id":"${hex}"}`), '{"id":"[redacted]"}')
  const mixed = 'KeyOfBig-AbCdEfGh12345678-ZzYyXx'
  for (const id of [
    mixed.toLowerCase(),
    mixed.toUpperCase(),
    btoa(mixed).toLowerCase(),
    encodeURIComponent(`${mixed}/`),
  ])
    t.notMatch(createEntryRedactor([mixed])(JSON.stringify({ id })), /abcdefgh12345678|s2v5t2z/i, id)
  t.equal(createEntryRedactor([mixed])('{"id":"x-abcdefgh1234"}'), '{"id":"x-[redacted]"}', 'a piece in small letters')
  t.equal(createEntryRedactor(['SK-ACME2025'])('{"id":"m/sk-acme2025"}'), '{"id":"m/[redacted]"}')
  t.equal(createEntryRedactor(['ollama', 'sk-1234'])('{"id":"ollama"}'), '{"id":"ollama"}', 'a word is no key')
  t.equal(createEntryRedactor(['my-llama-3.3-70b-instruct'])('{"id":"llama-3.3-70b"}'), '{"id":"llama-3.3-70b"}')
})

t.test('a key is found in copies of the header that it was sent in', async (t) => {
  const apiKey = 'bT5-kEy-of-the-box-81'
  for (const scheme of ['Bearer', 'Api-Key']) {
    const header = `${scheme} ${apiKey}`
    const source = { key: { variables: [], required: true, headers: () => ({ authorization: header }) } }
    const redact = createEntryRedactor(sentSecrets({ source, address: 'https://box.example', apiKey, settings: {} }))
    const copies = [
      Buffer.from(header).toString('base64'),
      createHash('sha256').update(header).digest('hex'),
      encodeURIComponent(header),
    ]
    for (const copy of copies) t.notMatch(redact(JSON.stringify({ id: `m-${copy}` })), copy.slice(8, 24), copy)
  }
})
