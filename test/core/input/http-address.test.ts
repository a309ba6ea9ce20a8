/** Addresses as people type them. */
import t from 'tap'
import { describeAddressProblem, readHttpAddress } from '../../../src/core/input/http-address.js'

t.test('what is an address', async (t) => {
  for (const text of ['http://localhost:4000', 'https://h', 'HTTP://h', 'https://h/a/b?c=d', 'http://[::1]:4000/v1'])
    t.ok(readHttpAddress(text).ok, text)
})

t.test('a slip is answered with the right spelling', async (t) => {
  const slips: Record<string, string | null> = {
    'localhost:4000': 'http://localhost:4000',
    localhost: 'http://localhost',
    '127.0.0.1:4000/v1': 'http://127.0.0.1:4000/v1',
    'litellm:4000': 'http://litellm:4000',
    'litellm.example.com': 'https://litellm.example.com',
    'litellm.example.com:4000': 'http://litellm.example.com:4000',
    '//box:4000': 'http://box:4000',
    'http:/box:4000': 'http://box:4000',
    'http//box:4000': 'http://box:4000',
    'htp://box:4000': 'http://box:4000',
    'https:box.example.com': 'https://box.example.com',
    '[::1]:4000': 'http://[::1]:4000',
    '4000': 'http://localhost:4000',
    ':8080': 'http://localhost:8080',
    'http://:4000': 'http://localhost:4000',
    ':70000': null,
    'ftp://h': null,
    nonsense: null,
    'two words': null,
    'http://': null,
    '': null,
  }
  for (const [text, hint] of Object.entries(slips)) {
    const reading = readHttpAddress(text)
    t.match(reading, { ok: false, hint }, text)
    if (hint !== null) t.ok(describeAddressProblem(text)?.endsWith(`did you mean ${hint}?`), text)
  }
})

t.test('a port that there cannot be is named as such', async (t) => {
  for (const text of ['http://box:70000', 'https://box.example.com:99999/v1'])
    t.match(describeAddressProblem(text), /expected a port up to 65535$/, text)
})

t.test('no password is repeated', async (t) => {
  for (const text of [
    'http://user:s3cret@host',
    'user:s3cret@host:4000',
    'ftp://user:s3cret@host/x',
    'http:/u:s3cret@h',
  ]) {
    t.notOk(readHttpAddress(text).ok)
    t.notMatch(describeAddressProblem(text), 's3cret', text)
  }
})
