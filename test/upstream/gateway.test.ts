/** Headers as a variable spells them, and a user and password out of an address. */
import t from 'tap'
import { readHeaders, withoutUser } from '../../src/upstream/gateway.js'

t.test('quotes and line ends that an env file leaves', async (t) => {
  const headers = { 'x-a': '1', 'x-b': 'two: 2' }
  for (const text of [
    `'X-A: 1\nX-B: two: 2'`,
    `"X-A: 1\\r\\nX-B: two: 2"`,
    'X-A:1\\r\\nX-B: two: 2\\r\\n',
    `'{"X-A":"1","X-B":"two: 2"}'`,
    ' {"X-A":"1","X-B":"two: 2"}\n',
  ])
    t.strictSame(readHeaders(text), { headers }, text)
})

t.test('what would go out otherwise than it is meant is refused', async (t) => {
  for (const [given, problem] of [
    ['X-A: 1\nx-a: 2', /header x-a is given twice/],
    ['{"X-A":"1","x-a":"2"}', /header x-a is given twice/],
    [`'X-A': 1`, /not readable/],
    [`"X-A: 1`, /not readable/],
    ['Range: bytes=0-1', /range is set by the HTTP client/],
    ['If-Modified-Since: yesterday', /if-modified-since is set/],
    ['{"X-A":1}', /expected a JSON object of texts/],
  ] as const)
    t.match(readHeaders(given), { problem }, given)
})

t.test('a user and password of an address', async (t) => {
  const basic = (user: string) => ({ authorization: `Basic ${Buffer.from(user).toString('base64')}` })
  t.strictSame(withoutUser('https://a%40b:1%@host/p@th?q=@'), {
    address: 'https://host/p@th?q=@',
    headers: basic('a@b:1%'),
  })
  t.strictSame(withoutUser('http://:p@host'), { address: 'http://host', headers: basic(':p') })
  for (const empty of ['http://@host/', 'http://:@host/'])
    t.strictSame(withoutUser(empty), { address: 'http://host/', headers: {} }, 'nobody')
})
