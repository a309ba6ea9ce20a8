/** Host headers: a host with perhaps a port is one, whatever else a URL takes is none. */
import t from 'tap'
import { addressOfHost } from '../../../src/core/input/host-header.js'

t.test('a host, perhaps with a port, is an address', async (t) => {
  for (const [host, origin] of [
    ['localhost', 'http://localhost'],
    ['LOCALHOST:8081', 'http://localhost:8081'],
    ['models.example:80', 'http://models.example'],
    ['127.0.0.1:1', 'http://127.0.0.1:1'],
    ['[::1]:8081', 'http://[::1]:8081'],
  ] as const)
    t.equal(addressOfHost(host, 'http:')?.origin, origin, host)
  t.equal(addressOfHost('models.example:443', 'https:')?.origin, 'https://models.example')
})

t.test('anything beside it is none', async (t) => {
  for (const host of [
    '',
    'a b',
    'x:y:z',
    'localhost:99999',
    'localhost/path',
    'localhost?query',
    'localhost#part',
    'user@localhost',
    'user:password@localhost',
    '@localhost',
    'localhost\\path',
    'local\thost',
    ' localhost',
  ])
    t.equal(addressOfHost(host, 'http:'), null, JSON.stringify(host))
})
