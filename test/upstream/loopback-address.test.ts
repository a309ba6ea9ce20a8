/** Which addresses lead to this machine: a name that begins like one does not. */
import t from 'tap'
import { isLoopbackHost, isReadOnTheWay } from '../../src/upstream/loopback-address.js'

t.test('this machine, and what only looks like it', async (t) => {
  for (const host of [
    'localhost',
    'LOCALHOST',
    'localhost.',
    'box.localhost',
    '127.0.0.1',
    '127.9.8.7',
    '[::1]',
    '::1',
    '[::ffff:7f00:1]',
  ])
    t.equal(isLoopbackHost(host), true, host)
  for (const host of [
    '127.evil.example',
    '127.0.0.1.evil.example',
    'localhost.evil.example',
    'notlocalhost',
    '128.0.0.1',
    '0.0.0.0',
    '[::2]',
    '[::ffff:8000:1]',
    '10.0.0.1',
    '',
  ])
    t.equal(isLoopbackHost(host), false, host)
})

t.test('plain http to another host can be read on the way', async (t) => {
  for (const address of ['http://box', 'http://127.evil.example/v1', 'http://10.0.0.1:4000', 'HTTP://box'])
    t.equal(isReadOnTheWay(address), true, address)
  // A URL spells each of these as 127.0.0.1.
  for (const address of [
    'https://box',
    'http://localhost:4000',
    'http://2130706433/',
    'http://127.1',
    'http://[::1]:8081',
  ])
    t.equal(isReadOnTheWay(address), false, address)
})
