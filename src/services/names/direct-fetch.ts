/** The `fetch` of direct mode: the built-in one, or where the address is behind a forward proxy one that goes through it. */
import { proxyFor, type ProxyRules } from '../../upstream/proxy-rules.js'

export function directFetch({
  url,
  timeoutMs,
  proxy,
}: {
  url: string
  /** To connect, ms. */
  timeoutMs: number
  proxy: ProxyRules | null
}): typeof fetch {
  if (proxyFor(proxy, new URL(url)) === null) return fetch
  let opened: Promise<typeof fetch> | null = null
  return async (input, init) => {
    opened ??= open(timeoutMs, proxy)
    return (await opened)(input, init)
  }
}

// Loaded only here: undici takes longer than the rest of a cold start.
async function open(timeoutMs: number, proxy: ProxyRules | null): Promise<typeof fetch> {
  const [{ createHttpClient }, { fetchThrough }] = await Promise.all([
    import('../../upstream/http-client.js'),
    import('../../upstream/http-fetch.js'),
  ])
  return fetchThrough(createHttpClient({ timeoutMs, proxy }))
}
