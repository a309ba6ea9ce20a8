/** What is taken out of the words of an upstream: keys of ours, what looks like a key, and what is named as one. */
import t from 'tap'
import { createRedactor } from '../../src/upstream/redact.js'

t.test('what stands behind the name of a secret goes, whatever it looks like', async (t) => {
  const redact = createRedactor([])
  for (const [given, kept] of [
    ['x-api-key: abc-kkk is wrong', 'x-api-key: [redacted] is wrong'],
    ['{"api_key":"short","model":"m"}', '{"api_key":"[redacted]","model":"m"}'],
    ['?token=abc&page=2', '?token=[redacted]&page=2'],
    ["{'Authorization': 'Bearer abc def'}", "{'Authorization': 'Bearer [redacted]'}"],
    ['authorization: Basic YTpi', 'authorization: Basic [redacted]'],
    ['OPENAI_API_KEY=hunter2;', 'OPENAI_API_KEY=[redacted];'],
    ['client_secret = "a b c" given', 'client_secret = "[redacted]" given'],
    [String.raw`body {\"password\": \"pa55\"}`, String.raw`body {\"password\": \"[redacted]\"}`],
    ['headers["x-goog-api-key"]: 12', 'headers["x-goog-api-key"]: [redacted]'],
    ['"clientSecret": "abc", accessToken=abc', '"clientSecret": "[redacted]", accessToken=[redacted]'],
    ['Cookie: sid=1', 'Cookie: [redacted]'],
  ] as const)
    t.equal(redact(given), kept, given)
})

t.test('sentences about keys stay readable', async (t) => {
  const redact = createRedactor([])
  for (const sentence of [
    'api_key: field required',
    'Authorization: missing',
    '"max_tokens": 4096, "tokens: 12", monkey: banana',
    'the API key is invalid; see the docs: https://example.com/keys',
    'secretary: Anna',
    '{"token": null}',
  ])
    t.equal(redact(sentence), sentence)
})

t.test('a long text of names takes no time', async (t) => {
  const redact = createRedactor(['the-key-of-somebody'])
  const started = performance.now()
  for (const text of [
    'token-'.repeat(20_000),
    'token:'.repeat(20_000),
    'a_'.repeat(60_000),
    `"api_key":"${'x'.repeat(100_000)}`,
  ])
    redact(text)
  t.ok(performance.now() - started < 2000, `${performance.now() - started} ms`)
})
