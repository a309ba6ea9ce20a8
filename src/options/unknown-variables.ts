/** Variables with our prefix that nobody reads: most are slips, and a slip would be ignored in silence. */
import leven from 'leven'

const PREFIX = 'MODEL_SYNC_'
// Ours as well, but under names that other programs may have variants of: a slip there is a warning, never an error.
const SHARED = /^(LITELLM_(AUTO|SYNC)|DEFAULT_FALLBACK_|MODELS_JSON_|ACTIVE_MODELS?_|MODEL_CACHE_)/
// By what else people call the proxy's address and key. LITELLM_API_BASE, LITELLM_MASTER_KEY and their like are LiteLLM's own.
const PROXY_ADDRESS = /^(_PROXY)?(_API)?(_BASE)?(_URL|_URI|_HOST|_ADDRESS|_ENDPOINT)$/
const PROXY_KEY = /^(_PROXY)?(_API)?(_VIRTUAL)?(_KEY|_TOKEN)$/
// Kubernetes and Docker set these in every container for a service called `model-sync…`.
const SERVICE_LINK = /_SERVICE_(HOST|PORT)(_|$)|_PORT(_\d+_(TCP|UDP|SCTP)(_[A-Z]+)?)?$/
// A name is taken for a slip of one of our variables when both begin with this share of it.
const SIMILAR = 2 / 3
const FEWEST_LETTERS = 3
// Two slips of the finger.
const MOST_EDITS = 2

export interface UnknownVariables {
  /** One line for each that is a slip of ours. */
  problems: string[]
  /** One line for each other. */
  warnings: string[]
}

/**
 * @param known every variable that is read
 * @param asksProxy whether LiteLLM may be synced; else its variables are of no concern here
 */
export function findUnknownVariables(
  env: Readonly<Record<string, string | undefined>>,
  known: readonly string[],
  asksProxy = true,
): UnknownVariables {
  const found: UnknownVariables = { problems: [], warnings: [] }
  for (const [name, value = ''] of Object.entries(env)) {
    if (value.trim() === '' || known.includes(name) || isServiceLink(name, value)) continue
    const meant = asksProxy ? proxyVariable(name) : null
    if (meant !== null) {
      if ((env[meant] ?? '').trim() === '') found.warnings.push(`there is no variable ${name}; did you mean ${meant}?`)
      continue
    }
    const isOurs = name.startsWith(PREFIX)
    if (!isOurs && !SHARED.test(name)) continue
    const near = suggestions(name, known)
    const line = `there is no variable ${name}${near.length === 0 ? '' : `; did you mean ${near.join(' or ')}?`}`
    if (isOurs && near.length > 0) found.problems.push(line)
    else if (isOurs || near.length > 0) found.warnings.push(line)
  }
  return found
}

/** The variable of the proxy that was meant; `null`: none. */
function proxyVariable(name: string): string | null {
  const [, program = '', rest = ''] = /^(LITE_LLM|[A-Z]+)(_[A-Z_]+)$/.exec(name) ?? []
  if (leven(program.replace('_', ''), 'LITELLM', { maxDistance: 2 }) > 1) return null
  if (PROXY_ADDRESS.test(rest)) return 'LITELLM_API_URL'
  if (PROXY_KEY.test(rest)) return 'LITELLM_API_KEY'
  const slips = ['LITELLM_API_URL', 'LITELLM_API_KEY'].filter(
    (one) => leven(name, one, { maxDistance: 3 }) <= MOST_EDITS,
  )
  return slips.length === 1 ? (slips[0] ?? null) : null
}

function isServiceLink(name: string, value: string): boolean {
  return (
    SERVICE_LINK.test(name) && (!name.endsWith('_PORT') || name.endsWith('_SERVICE_PORT') || /^\w+:\/\//.test(value))
  )
}

function suggestions(name: string, known: readonly string[]): string[] {
  const own = name.startsWith(PREFIX) ? name.slice(PREFIX.length) : name
  if (known.includes(own)) return [own]
  const near = known.filter((one) => leven(name, one, { maxDistance: MOST_EDITS + 1 }) <= MOST_EDITS)
  if (near.length > 0) return near
  const lengths = known.map((one) => sharedStart(name, one) - (name.length - own.length))
  const longest = Math.max(...lengths)
  if (longest < FEWEST_LETTERS || longest < own.length * SIMILAR) return []
  return known.filter((_, index) => lengths[index] === longest)
}

function sharedStart(a: string, b: string): number {
  let length = 0
  while (length < a.length && a[length] === b[length]) length++
  return length
}
