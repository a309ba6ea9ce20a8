/** Which requests go through a forward proxy. */
import t from 'tap'
import { proxyFor, readProxyRules, type ProxySettings } from '../../src/upstream/proxy-rules.js'

const PROXY = 'http://proxy.example:3128'

function choose(settings: ProxySettings, address: string): string | null {
  const problems: string[] = []
  const chosen = proxyFor(
    readProxyRules(settings, (problem) => problems.push(problem)),
    new URL(address),
  )
  if (problems.length > 0) throw new Error(problems.join())
  return chosen
}

t.test('each scheme has its proxy; https falls back to the one of http', async (t) => {
  const both = { httpProxy: PROXY, httpsProxy: 'https://secure.example' }
  t.equal(choose(both, 'http://a.example/x'), PROXY)
  t.equal(choose(both, 'https://a.example/x'), 'https://secure.example')
  t.equal(choose({ httpProxy: PROXY }, 'https://a.example'), PROXY)
  t.equal(choose({ httpsProxy: PROXY }, 'http://a.example'), null)
  t.equal(choose({}, 'https://a.example'), null)
  t.equal(
    choose({ ...both, proxy: 'one.example:8080' }, 'http://a.example'),
    'http://one.example:8080',
    'the option wins',
  )
  t.equal(choose({ ...both, proxy: 'None' }, 'https://a.example'), null, 'none turns it off')
})

t.test('NO_PROXY', async (t) => {
  const cases: [noProxy: string, address: string, proxied: boolean][] = [
    ['a.example', 'https://a.example', false],
    ['a.example', 'https://b.a.example', false],
    ['a.example', 'https://xa.example', true],
    ['.a.example', 'https://a.example', false],
    ['*.a.example', 'https://b.a.example', false],
    ['x, A.Example ,y', 'https://a.example', false],
    ['x a.example', 'https://a.example', false],
    ['a.example:8443', 'https://a.example:8443', false],
    ['a.example:8443', 'https://a.example', true],
    ['a.example:443', 'https://a.example', false],
    ['a.example.', 'https://a.example', false],
    ['a.example', 'https://a.example.', false],
    ['*', 'https://a.example', false],
    ['x,*', 'https://a.example', false],
    ['8.8.0.0/16', 'https://8.8.4.4', false],
    ['8.8.0.0/16', 'https://8.9.4.4', true],
    ['8.8.4.4', 'https://8.8.4.4', false],
    ['8.8.4.4:443', 'https://8.8.4.4', false],
    ['2606:4700::/32', 'https://[2606:4700::1111]', false],
    ['[2606:4700:0::1111]', 'https://[2606:4700::1111]', false],
    ['2606:4700::1112', 'https://[2606:4700::1111]', true],
    ['', 'https://a.example', true],
    ['8.8.0.0/99', 'https://8.8.4.4', true],
    ['8.8.0.0/16:443', 'https://8.8.4.4', false],
    ['[2606:4700:0::1111]:443', 'https://[2606:4700::1111]', false],
    ['[2606:4700:0::1111]:8443', 'https://[2606:4700::1111]', true],
    ['[2606:4700::]/32', 'https://[2606:4700::1111]', false],
    ['8.8.*', 'https://8.8.4.4', false],
    ['*:443', 'https://a.example', false],
    ['*:443', 'https://a.example:8443', true],
    ['*a.example', 'https://xa.example', false],
    ['api-*.a.example', 'https://api-1.a.example', false],
    ['api-*.a.example', 'https://web-1.a.example', true],
    ['a*a.example', 'https://a.example', true],
    ['*.a.example:0443', 'https://b.a.example', false],
    ['https://a.example/', 'https://a.example', false],
    ['http://a.example:8080', 'https://a.example', true],
    ['x;a.example', 'https://a.example', false],
    ['"x,a.example"', 'https://a.example', false],
    ['Bücher.example', 'https://bücher.example', false],
    ['.,a..b,:443', 'https://a.example', true],
  ]
  for (const [noProxy, address, proxied] of cases)
    t.equal(choose({ httpProxy: PROXY, noProxy }, address), proxied ? PROXY : null, `${noProxy} ${address}`)
})

t.test('loopback and literal private addresses only when it is asked for', async (t) => {
  const near = ['http://localhost:4000', 'http://x.localhost', 'http://127.0.0.1', 'http://127.1', 'http://[::1]:8080']
  const own = [
    'http://10.1.2.3',
    'https://192.168.0.9:8443',
    'http://[fd00::1]',
    'http://169.254.169.254',
    'http://0.0.0.0',
  ]
  for (const address of [...near, ...own]) {
    t.equal(choose({ proxy: PROXY }, address), null, address)
    t.equal(choose({ proxy: PROXY, proxyPrivate: true }, address), PROXY, address)
  }
  t.equal(choose({ proxy: PROXY }, 'http://litellm:4000'), PROXY, 'a name is no literal address')
  t.equal(choose({ proxy: PROXY, proxyPrivate: true, noProxy: '10.0.0.0/8' }, 'http://10.1.2.3'), null)
})

t.test('what is no HTTP proxy is named and left out, without its password', async (t) => {
  for (const httpsProxy of ['socks5://bob:hunter22@proxy:1080', 'http://', 'http://a b', '"http://proxy:3128"']) {
    const problems: string[] = []
    t.equal(
      readProxyRules({ httpsProxy }, (problem) => problems.push(problem)),
      null,
    )
    t.match(problems, [/^HTTPS_PROXY is no address of an HTTP proxy.*MODEL_SYNC_PROXY=none/])
    t.notMatch(problems, [/hunter22|bob/])
  }
})
