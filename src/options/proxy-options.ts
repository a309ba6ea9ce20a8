/** The forward proxy that requests leave through. */
import { Type } from 'typebox'
import { option, sharedOption } from './define-option.js'

export const proxyOptions = {
  proxy: option(
    'MODEL_SYNC_PROXY',
    Type.String({
      pattern: '^(none|(https?://)?[^\\s/]+/?)$',
      'x-expected': 'an address such as http://proxy.example.com:8080, or none',
      description: 'forward proxy of every request, http://host:port; none: no proxy, whatever the next variables say',
    }),
  ),
  proxyPrivate: option(
    'MODEL_SYNC_PROXY_PRIVATE',
    Type.Boolean({
      default: false,
      description: 'loopback and literal private addresses go through the proxy too',
    }),
  ),
  httpProxy: sharedOption('HTTP_PROXY', Type.String({ description: 'forward proxy of requests to http addresses' })),
  httpsProxy: sharedOption(
    'HTTPS_PROXY',
    Type.String({ description: 'forward proxy of requests to https addresses; unset: HTTP_PROXY' }),
  ),
  noProxy: sharedOption(
    'NO_PROXY',
    Type.String({ description: 'hosts with their subdomains, addresses and networks that go without a proxy; *: all' }),
  ),
}
