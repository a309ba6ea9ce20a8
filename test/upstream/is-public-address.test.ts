/** Which addresses are of the public internet. */
import t from 'tap'
import { isPublicAddress } from '../../src/upstream/is-public-address.js'

t.test('public', async (t) => {
  for (const address of [
    '8.8.8.8',
    '172.32.0.1',
    '100.128.0.1',
    '2606:4700::1111',
    '2a00:1450::1',
    '3fff:1000::1',
    '2001:4860:4860::8888',
    '64:ff9b::808:808',
    '::ffff:8.8.8.8',
  ])
    t.equal(isPublicAddress(address), true, address)
})

t.test('not public: private, loopback, link-local, reserved, and IPv4 in whatever spelling', async (t) => {
  const addresses = [
    ...[
      '0.0.0.0',
      '10.1.2.3',
      '100.64.0.1',
      '127.0.0.1',
      '127.9.9.9',
      '169.254.169.254',
      '172.16.0.1',
      '172.31.255.255',
    ],
    ...['192.168.1.1', '198.18.0.1', '203.0.113.9', '224.0.0.1', '255.255.255.255'],
    ...[
      '::',
      '::1',
      '::ffff:127.0.0.1',
      '::ffff:a9fe:a9fe',
      '64:ff9b::10.0.0.1',
      '64:ff9b:1::1',
      '2002:7f00:1::',
      'fd00::1',
    ],
    ...['::8.8.8.8', '::127.0.0.1', '::a00:1', '0:0:0:0:0:ffff:10.0.0.1', '::ffff:0:127.0.0.1', '64:ff9b::a9fe:a9fe'],
    ...['2001::1', '2001:0:4136:e378::', '2001:2::1', '2001:10::1', '2001:20::1', '2002:808:808::1', '3fff::1'],
    ...['100::1', '5f00::1', '4000::1', '1000::1', 'e000::1', 'fe80::1%eth0', '2001:db8::1%1'],
    ...['fe80::1', 'fec0::1', 'ff02::1', '2001:db8::1', 'localhost', ''],
  ]
  for (const address of addresses) t.equal(isPublicAddress(address), false, address)
})
