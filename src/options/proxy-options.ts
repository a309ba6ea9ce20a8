/** The forward proxy that requests leave through. */
import { Type } from 'typebox'
import { option, sharedOption } from './define-option.js'

export const proxyOptions = {
  proxy: option(
    'MODEL_SYNC_PROXY',
    Type.String({
      pattern: '^(none|(https?://)?[^\\s/]+/?)$',
      'x-expected': 'an address such as http://proxy.example.com:8080, or none',
      description:
        'forward proxy for every request, such as http://host:port; `none` ignores the other proxy variables',
    }),
  ),
  proxyPrivate: option(
    'MODEL_SYNC_PROXY_PRIVATE',
    Type.Boolean({
      default: false,
      description: 'send requests to loopback and literal private addresses through the proxy too',
    }),
  ),
  httpProxy: sharedOption('HTTP_PROXY', Type.String({ description: 'forward proxy for requests to http addresses' })),
  httpsProxy: sharedOption(
    'HTTPS_PROXY',
    Type.String({ description: 'forward proxy for requests to https addresses; if unset, HTTP_PROXY' }),
  ),
  noProxy: sharedOption(
    'NO_PROXY',
    Type.String({
      description: 'hosts with their subdomains, addresses and networks that are reached without a proxy; * for all',
    }),
  ),
}
