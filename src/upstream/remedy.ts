/** What an operator can do when an upstream cannot be read, and a problem as it may be stored and shown. */
import type { Cause, Remedy } from '../core/records/problem.js'
import { addressVariable, type Source } from '../sources/kit/source.js'
import type { FetchProblem } from './fetch-problem.js'

type Setting = Pick<Source, 'slug' | 'key' | 'addressVariable'>

/** What the problem is called, without secrets and with what can help. */
export function told(
  { reason }: FetchProblem,
  { source, hasKey, redact }: { source: Setting; hasKey: boolean; redact(text: string): string },
): Cause {
  const facts = redacted(reason.facts, redact) as Cause['facts']
  return { ...reason, facts: { ...facts, remedy: remedyFor(reason, source, hasKey) } } as Cause
}

/** Each text in the facts. */
function redacted(value: unknown, redact: (text: string) => string): unknown {
  if (typeof value === 'string') return redact(value)
  if (Array.isArray(value)) return value.map((each) => redacted(each, redact))
  if (typeof value !== 'object' || value === null) return value
  return Object.fromEntries(Object.entries(value).map(([name, each]) => [name, redacted(each, redact)]))
}

/** `null`: nothing can be done from here. */
function remedyFor(cause: Cause, source: Setting, hasKey: boolean): Remedy | null {
  const { code, facts } = cause
  const key: Remedy = { with: 'key', variables: source.key.variables, isSet: hasKey }
  const address = (kind: Extract<Remedy, { variable: string }>['with']): Remedy => ({
    with: kind,
    variable: addressVariable(source),
  })
  switch (code) {
    case 'upstream-status':
    case 'upstream-without-models':
      // 400 is how LiteLLM without a database calls a key that is not the master key.
      if (facts.status === 400 && source.slug === 'litellm') return key
      // A page behind a proxy is the proxy's own, as a rule, and no key of ours helps with that.
      if (facts.page && facts.through !== null) return null
      if (facts.status === 401 || facts.status === 403) return key
      return facts.status === 404 ? address('address') : null
    case 'upstream-authorization':
      return key
    case 'upstream-unreachable':
      return address(({ connection: 'running', host: 'name', network: 'network' } as const)[facts.missing])
    case 'upstream-tls':
      return facts.wants === 'ours' ? { with: 'certificate', provider: source.slug } : address('scheme')
    case 'upstream-redirect':
      if (facts.how === 'origin') return address('origin')
      return facts.how === 'scheme' || facts.how === 'next-page' ? null : address('address')
    case 'upstream-protocol':
      return facts.answered && facts.found === 'no-http' ? address('address') : null
    case 'malformed-answer':
      return facts.found === 'html' || (facts.found === 'empty' && !facts.blank) ? address('address') : null
    case 'upstream-timeout':
      return facts.waitedFor === 'pace' ? null : { with: 'time', option: 'timeoutMs' }
    default: {
      const option = LIMITS[code]
      return option === undefined ? null : { with: 'more', option }
    }
  }
}

const LIMITS: Partial<Record<Cause['code'], string>> = {
  'body-too-large': 'maxBodyBytes',
  'too-many-pages': 'maxPages',
  'too-many-values': 'maxValues',
  'too-many-entries': 'maxEntries',
  'listing-too-large': 'maxListingBytes',
  'entries-too-large': 'maxListingBytes',
}
