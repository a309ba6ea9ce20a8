/** LiteLLM's proxy: /model/info says what each deployment is, /v1/models which names the key may call, /model/deprecations which models end. */
import { FIELDS, FIELD_NAMES } from '../../../core/model/model.js'
import type { FieldName } from '../../../core/model/model.js'
import type { Capabilities, DesiredFields, OtherPrice } from '../../../core/model/model-fields.js'
import { sameValue } from '../../../core/model/same-value.js'
import { largerDecimal, type Decimal } from '../../../core/model/price.js'
import { failure } from '../../../errors.js'
import { directAccess, keyScope, standingOf } from './access.js'
import { modelDeprecations } from './deprecations.js'
import { rowMembers } from './members.js'
import { isInternalName, nameOf, readName, readRow } from './row.js'
import { isRecord } from '../../kit/entry.js'
import { shapeOf } from '../../kit/listing.js'
import { bearer, type Parsed, type Refusal, type Source, type Without } from '../../kit/source.js'

/**
 * Reads a LiteLLM proxy of any version from 2024 on.
 *
 * A wildcard (`openai/*`) is no model; what the proxy expands it to, in either listing, is. A router (`auto_router/…`), which picks among
 * models that are listed anyway, is a model without a price or limit of its own.
 * @see https://docs.litellm.ai/docs/proxy/model_management (read 2026-11)
 */
export const litellm = {
  slug: 'litellm',
  name: 'LiteLLM',
  description: 'The models of a LiteLLM proxy, with their prices, limits and capabilities.',
  homepage: 'https://docs.litellm.ai/docs/simple_proxy',
  version: 7,
  baseUrl: 'http://localhost:4000',
  addressVariable: 'LITELLM_API_URL',
  // Its admin page, whose address is the one that people have at hand.
  clientPaths: ['/ui'],
  chat: { path: '/v1/chat/completions' },
  key: { variables: ['LITELLM_API_KEY'], required: false, headers: bearer },
  listings: [
    {
      path: '/model/info',
      entries: entriesOf,
      identify: nameOf,
      parse: parseRow,
      merge: mergeDeployments,
      members: rowMembers,
      standing: (entry) => standingOf(entry, isWildcard(nameOf(entry) ?? '')),
      common: directAccess,
      without: withoutModelInfo,
    },
    {
      path: '/v1/models',
      entries: entriesOf,
      identify: idOf,
      parse: parseName,
      namesCallable: true,
      // Nothing is kept: a name must not take the place of the whole entry when /model/info is refused for a while.
      members: { keep: '', leave: 'id object created owned_by mode max_input_tokens max_output_tokens' },
      without: withoutNames,
    },
    { ...modelDeprecations, merge: mergeDeployments },
  ],
  keyScope,
} satisfies Source

function entriesOf(body: unknown): readonly unknown[] {
  if (isRecord(body) && Array.isArray(body['data']) && (body['error'] ?? null) === null)
    return body['data'] as unknown[]
  const expected = { api: 'LiteLLM', variable: 'LITELLM_API_URL', got: shapeOf(body) }
  throw failure({ code: 'malformed-answer', facts: { found: 'shape', expected } })
}

/** LiteLLM balances the deployments of a name. */
const ADDED_UP: ReadonlySet<FieldName> = new Set(['deployments', 'rpm', 'tpm'])

const WILDCARD: Parsed = { kind: 'filtered', reason: 'wildcard' }
/** The team's row says under which name clients call it, and that it is the team's. */
const INTERNAL: Parsed = { kind: 'filtered', reason: 'internal name of a team’s own model' }

function parseRow(entry: unknown): Parsed {
  const name = nameOf(entry)
  const row = readRow(entry)
  if (name === null || row === null) return { kind: 'rejected', reason: 'the row has no model_name' }
  return isWildcard(name) ? WILDCARD : { kind: 'model', ...row }
}

// Newer versions state the mode and limits beside a name, of the one deployment that they happen to look at: /model/info has the word before them.
function parseName(entry: unknown): Parsed {
  const id = idOf(entry)
  if (id === null) return { kind: 'rejected', reason: 'the entry has no id' }
  if (isInternalName(id)) return INTERNAL
  return isWildcard(id) ? WILDCARD : { kind: 'model', ...readName(id, entry) }
}

function withoutModelInfo({ status }: Refusal): Without | null {
  if (status !== 401 && status !== 403 && status !== 404) return null
  const found =
    status === 404 ? 'this proxy, or what stands before it, does not serve it' : 'this key may only list names'
  return {
    warning:
      `GET /model/info answered ${status}: ${found}, so prices, limits and capabilities keep their last values. ` +
      'Give LITELLM_API_KEY a key that may read /model/info: the master key, or a virtual key whose allowed_routes hold info_routes or /model/info.',
    complete: true,
  }
}

function withoutNames({ status, ids }: Refusal): Without | null {
  // Without a single row of /model/info this is no LiteLLM proxy, or not its address.
  if (status !== 404 || ids.length === 0) return null
  const complete = !ids.some((id) => isWildcard(id ?? ''))
  const lost = complete
    ? 'the models are those of /model/info'
    : 'what its wildcards stand for is not known, so no model is marked unavailable'
  return {
    warning: `GET /v1/models answered 404: ${lost}. Let the key, and what stands before the proxy, through to /v1/models.`,
    complete,
  }
}

/**
 * One model of two deployments with its name: deployments and rates add up, limits and prices take the
 * larger, capabilities what either has, sets both. Where texts differ, the one that sorts first. Known beats unknown, and what a listing cannot
 * speak of changes nothing, so that any order of any number of entries gives the same model. Throws nothing.
 */
function mergeDeployments(a: DesiredFields, b: DesiredFields): DesiredFields {
  const merged: Record<string, unknown> = {}
  for (const field of FIELD_NAMES) {
    const one: unknown = a[field]
    const other: unknown = b[field]
    if (one === undefined && other === undefined) continue
    if (field === 'priceWindows' && one !== undefined && other !== undefined) {
      // At such hours a request costs less only where each deployment does.
      merged[field] = sameValue('windows', one, other) ? one : []
      continue
    }
    // Whoever may call one of them may call the model.
    if (field === 'restricted') merged[field] = one === true && other === true ? true : null
    else
      merged[field] =
        (one ?? null) === null ? (other ?? null) : (other ?? null) === null ? one : mergeValues(field, one, other)
  }
  return merged as DesiredFields
}

function mergeValues(field: FieldName, a: unknown, b: unknown): unknown {
  const kind = FIELDS[field]
  // What is none of its kind is refused later, with the reason; compared, an object may throw.
  const isNumber = kind === 'integer' || kind === 'count'
  if (isNumber && typeof a !== 'number') return b
  if (isNumber && typeof b !== 'number') return a
  switch (kind) {
    case 'integer':
    case 'count':
      return ADDED_UP.has(field) ? (a as number) + (b as number) : Math.max(a as number, b as number)
    case 'decimal':
      return largerDecimal(a as Decimal, b as Decimal)
    case 'set':
      return [...new Set([...(a as string[]), ...(b as string[])])].sort()
    case 'capabilities':
      return mergeCapabilities(a as Capabilities, b as Capabilities)
    case 'prices':
      return mergePrices(a as OtherPrice[], b as OtherPrice[])
    default:
      if (typeof a === 'object') return b
      return typeof b === 'object' || (a as string) < (b as string) ? a : b
  }
}

function mergeCapabilities(a: Capabilities, b: Capabilities): Capabilities {
  const merged: Capabilities = { ...a }
  for (const [name, said] of Object.entries(b) as [keyof Capabilities, boolean][])
    merged[name] = said || merged[name] === true
  return merged
}

function mergePrices(a: readonly OtherPrice[], b: readonly OtherPrice[]): OtherPrice[] {
  const merged = new Map<string, OtherPrice>()
  for (const price of [...a, ...b]) {
    const key = `${price.kind}\u0000${price.unit}\u0000${price.currency}`
    const known = merged.get(key)?.price ?? null
    merged.set(key, { ...price, price: largerDecimal(known, price.price) ?? price.price })
  }
  return [...merged.entries()].sort(([x], [y]) => (x < y ? -1 : 1)).map(([, price]) => price)
}

function idOf(entry: unknown): string | null {
  return isRecord(entry) && typeof entry['id'] === 'string' && entry['id'] !== '' ? entry['id'] : null
}

// LiteLLM's own test: an asterisk anywhere (`openai/*`, `*`, `claude-*`).
function isWildcard(name: string): boolean {
  return name.includes('*')
}
