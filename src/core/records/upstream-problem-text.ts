/** The sentences for what went wrong with an upstream: requests that got no usable answer. Pure. */
import type { Expected, ProblemFacts, Shape } from './problem.js'
import { describeProxyFailure } from './proxy-text.js'

type UpstreamCode = Extract<
  keyof ProblemFacts,
  `upstream-${string}` | `too-many-${string}` | `${string}-too-large` | 'malformed-answer' | 'repeated-page'
>

export const UPSTREAM_TEXTS: { [Code in UpstreamCode]: (facts: ProblemFacts[Code]) => string } = {
  'upstream-status': describeStatus,
  'upstream-without-models': describeStatus,
  'upstream-unreachable': ({ missing, request, host, errno }) => {
    if (missing === 'connection') return `nothing listens at ${host} (${request}, connection refused)`
    if (missing === 'host') return `the host name ${host} cannot be resolved (${request}, ${errno})`
    return errno === 'EHOSTUNREACH' || errno === 'ENETUNREACH'
      ? `no way leads to ${host} (${request}, ${errno})`
      : `no connection to ${host} in time (${request}, connect timeout)`
  },
  'upstream-timeout': describeTimeout,
  'upstream-tls': (facts) => {
    if ('status' in facts) return `${answered(facts)}: it wants a client certificate`
    const { host, request, errno, alert } = facts
    return `TLS with ${host} failed${alert === null ? '' : `: ${ALERTS[alert]}`} (${request}, ${errno})`
  },
  'upstream-proxy': ({ request, failure }) => `${request}: ${describeProxyFailure(failure)}`,
  'upstream-broken-off': ({ request, host, errno }) =>
    `the connection to ${host} broke off before the answer was complete (${request}, ${errno})`,
  'upstream-redirect': describeRedirect,
  'upstream-protocol': (facts) => {
    const { request } = facts
    if (!facts.answered)
      return `${request} cannot be sent: the API key or a header holds a character that no HTTP header may carry`
    return facts.found === 'long-headers'
      ? `the headers of the answer to ${request} are over ${inBytes(facts.maxBytes)}, the most that is read`
      : `${facts.host} does not speak HTTP (${request}, ${facts.errno})`
  },
  'upstream-authorization': ({ provider, said }) => `no authorization for ${provider}: ${said ?? 'no reason given'}`,
  'upstream-failed': ({ request }) => `${request} was not sent: the HTTP client is closed`,
  'malformed-answer': describeMalformed,
  'body-too-large': ({ request, maxBytes }) =>
    `the body of ${request} is over ${inBytes(maxBytes)}, the most that is read`,
  'too-many-values': ({ request, most }) => `${request} has more than ${most} objects, lists and commas`,
  'too-many-entries': ({ request, most }) => `${request} has more than ${most} entries`,
  'too-many-pages': ({ request, most }) => `${request} has more than ${most} pages`,
  'entry-too-large': ({ request, maxBytes }) => `${request} has an entry or a text over ${inBytes(maxBytes)}`,
  'listing-too-large': ({ request, maxBytes }) => `the pages of ${request} are over ${maxBytes} bytes together`,
  'entries-too-large': ({ maxBytes }) =>
    `its entries are over ${maxBytes} bytes together even when they are compressed`,
  'ids-too-large': ({ most }) => `the ids of its models have more than ${most} characters together`,
  'repeated-page': ({ request, page, like }) =>
    `a page repeats: page ${page} of ${request} ${like === 'equal' ? 'equals' : 'leads to'} an earlier one`,
}

const ALERTS = {
  wanted: 'it wants a client certificate',
  handshake: 'it refuses the handshake, as a server does that wants a client certificate',
  'not-taken': 'it does not take our client certificate, or wants one',
}

function answered({ request, status, through }: { request: string; status: number; through: string | null }): string {
  return `${request} answered ${status}${through === null ? '' : ` through the proxy ${through}`}`
}

function describeStatus(facts: ProblemFacts['upstream-status']): string {
  const said = facts.page ? 'an HTML page' : facts.said
  return `${answered(facts)}${said === null ? '' : ` (${said})`}${facts.status === 429 ? '; too many requests' : ''}`
}

function describeTimeout(facts: ProblemFacts['upstream-timeout']): string {
  const { request, ms } = facts
  switch (facts.waitedFor) {
    case 'headers':
      return `${request} got no answer from ${facts.host} within ${ms} ms (header timeout)`
    case 'body':
      return `the body of ${request} stalled for ${ms} ms (body timeout)`
    case 'whole':
      return `${request} was not complete after ${ms} ms`
    case 'pace':
      return `the body of ${request} trickles: less than ${inBytes(facts.bytesPerSecond)} a second for ${ms} ms`
    case 'authorization':
      return `no authorization within ${ms} ms`
  }
}

function describeRedirect(facts: ProblemFacts['upstream-redirect']): string {
  const { request } = facts
  switch (facts.how) {
    case 'no-json':
      return `${answered({ ...facts, request })}; expected 200 with JSON`
    case 'no-location':
      return `${request} answered ${facts.status} without a usable location; expected 200 with JSON`
    case 'too-often':
      return `${request} is redirected more than ${facts.most} times`
    case 'scheme':
      return `${request} is redirected to a ${facts.to} address; expected http or https`
    case 'origin':
      return `${request} points to another origin (${facts.to}), where nothing is sent`
    case 'next-page':
      return `the next page of ${request} points to another origin, where nothing is sent`
  }
}

function describeMalformed(facts: ProblemFacts['malformed-answer']): string {
  const { request = 'the answer' } = facts
  switch (facts.found) {
    case 'empty':
      return `${request} answered 200 with ${facts.blank ? 'a blank' : 'an empty'} body; expected JSON`
    case 'html':
      return `${request} answered HTML instead of JSON`
    case 'truncated':
      return `${request} answered truncated JSON: it ends after ${facts.characters} characters, before it is complete`
    case 'other': {
      if ('decoding' in facts) return `the body of ${request} is not validly compressed (${facts.decoding})`
      if ('encoding' in facts)
        return `${request} answered in the content-encoding ${JSON.stringify(facts.encoding)}; ${facts.known} are known`
      const { position, characters } = facts
      return `${request} answered something other than JSON${position === null ? '' : ` (at character ${position} of ${characters})`}`
    }
    case 'shape':
      return describeExpected(facts.expected, facts.request)
  }
}

function describeExpected(expected: Expected, request: string | undefined): string {
  const before = request === undefined ? '' : `${request}: `
  if ('said' in expected) return before + expected.said
  if ('nextAddress' in expected) return `${request} gives a next address that is no URL`
  if ('page' in expected) return `${before}page ${expected.page} was asked for and page ${expected.got} came`
  if ('lists' in expected)
    return `${request ?? 'the answer'} answered something else than the lists ${inWords(expected.lists)}`
  const got = describeShape(expected.got)
  if ('api' in expected)
    return `${request ?? 'the answer'} answered ${got} where ${expected.api} answers {"data": […]}. Check that ${expected.variable} is the address of a ${expected.api} proxy.`
  const places = expected.list.map((place) => (place === '' ? 'a bare list' : `a list at \`${place}\``)).join(' or ')
  return `${before}expected ${places}, found ${got}; check that the address is that of the API`
}

function describeShape({ is, members }: Shape): string {
  if (is === 'list') return 'a bare list'
  if (is === 'null') return 'null'
  if (is !== 'object') return `a ${is}`
  return members.length === 0 ? 'an empty object' : `an object with ${members.join(', ')}`
}

function inWords(names: readonly string[]): string {
  return `${names.slice(0, -1).join(', ')} and ${names.at(-1)}`
}

function inBytes(count: number): string {
  const kibibytes = count / 1024
  if (Number.isInteger(kibibytes / 1024)) return `${kibibytes / 1024} MiB`
  return Number.isInteger(kibibytes) ? `${kibibytes} KiB` : `${count} bytes`
}
