/** Checks options against the schema, and says what is wrong with each. */
import { Ajv, type ErrorObject } from 'ajv'
import { closest } from '../catalog/closest.js'
import { describeAddressProblem } from '../catalog/http-address.js'
import { expectationOf, isSecret, type SpokenSchema, type Verdict } from '../catalog/schema-expectation.js'
import { OptionsError } from '../errors.js'
import { withoutUser } from '../sources/http-gateway.js'
import { autoSyncInterval } from './auto-sync.js'
import type { EnvSchema } from './env-schema.js'
import { serverSchema, syncSchema } from './schema.js'
import type { SyncSettingsInput } from './settings.js'

const ajv = new Ajv({ allErrors: true, useDefaults: true, verbose: true, strict: false })
const schemas = { sync: syncSchema, server: serverSchema }

/**
 * A copy with the defaults filled in.
 * @param others options that are not in the schema, and may be meant by one that there is none of
 * @throws OptionsError with the name, what was found and what is allowed, for each wrong option
 */
export function checkOptions(kind: keyof typeof schemas, input: object, others: readonly string[] = []): object {
  const options = copy(input) as object
  // Here, not when the file is loaded: it takes 70 ms, and a process reads the options of one kind only. Ajv remembers it.
  const validate = ajv.compile(schemas[kind])
  if (!validate(options))
    throw new OptionsError([...new Set((validate.errors ?? []).map((error) => explain(error, others)))].join('; '))
  checkLiteLLMAddress(options)
  autoSyncInterval(options)
  return options
}

// The other providers' addresses are checked when it is known who is synced; this one is the default, so it is known here.
function checkLiteLLMAddress({ litellm, providers }: SyncSettingsInput): void {
  const isSynced = providers === undefined || providers.includes('litellm') || providers.includes('all')
  const problem =
    litellm?.url === undefined || !isSynced ? null : describeAddressProblem(withoutUser(litellm.url).address)
  if (problem !== null) throw new OptionsError(`LITELLM_API_URL (litellm.url) is ${problem}`)
}

// Not structuredClone, which throws at a function before anybody hears that there is no such option.
function copy(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(copy)
  if (typeof value !== 'object' || value === null) return value
  return Object.fromEntries(Object.entries(value).map(([name, member]) => [name, copy(member)]))
}

function explain(error: ErrorObject, others: readonly string[]): string {
  const name = error.instancePath.slice(1).replaceAll('/', '.')
  const { parentSchema: schema = {}, data } = error as ErrorObject & { parentSchema?: EnvSchema & SpokenSchema }
  if (error.keyword === 'additionalProperties') return explainUnknown(error, name, others)
  const variable = schema.env ?? variableOf(name)
  const label = variable === undefined ? name : `${variable} (${name})`
  const about = schema.description === undefined || schema.pattern === undefined ? '' : ` (${schema.description})`
  const isHidden = holdsSecret(name, schema)
  const found = isHidden || typeof data === 'object' ? 'not valid' : shown(data)
  return `${label} is ${found}: ${expectationOf(error as Verdict, isHidden)}${about}`
}

// A connection string holds a password, and an incoming webhook's address is its own secret.
function holdsSecret(name: string, { env = '' }: EnvSchema): boolean {
  return env === 'DATABASE_URL' || isSecret(env) || isSecret(name) || /proxy|headers|^news|^smtp/i.test(name)
}

// An address may hold a password.
function shown(data: unknown): string {
  return (JSON.stringify(data) ?? String(data)).replace(/[^/"\s]*@/g, '[redacted]@')
}

function explainUnknown({ params, parentSchema }: ErrorObject, within: string, others: readonly string[]): string {
  const unknown = String(params.additionalProperty)
  const known = Object.keys((parentSchema?.properties ?? {}) as object)
  const meant = closest(unknown, within === '' ? [...known, ...others] : known)
  const path = (name: string): string => [within, name].filter(Boolean).join('.')
  return `there is no option ${path(unknown)}${meant === null ? '' : `; did you mean ${path(meant)}?`}`
}

/** The variable of the option that a member of a list belongs to. */
function variableOf(name: string): string | undefined {
  const [option = ''] = name.split('.')
  return (serverSchema.properties as Record<string, EnvSchema>)[option]?.env
}
