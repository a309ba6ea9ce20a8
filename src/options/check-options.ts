/** Checks options against the schema, and says what is wrong with each. */
import { Ajv, type ErrorObject } from 'ajv'
import { closest } from '../core/input/closest.js'
import { describeAddressProblem } from '../core/input/http-address.js'
import { expectationOf, type SpokenSchema, type Verdict } from '../core/input/schema-expectation.js'
import { isSecretOption, plainText, shownOption, shownText } from '../core/input/shown-option.js'
import { OptionsError } from '../errors.js'
import { withoutUser } from '../upstream/gateway.js'
import { autoSyncInterval } from './auto-sync-interval.js'
import type { EnvSchema } from './env-types.js'
import { formats } from './formats.js'
import { serverSchema, syncSchema } from './options-schema.js'
import { newsSubscriptions } from './news-subscriptions.js'
import type { ServerSettingsInput, SyncSettings, SyncSettingsInput } from './settings.js'
import { checkTokenHolders } from './token-holders.js'

const ajv = new Ajv({ allErrors: true, useDefaults: true, verbose: true, strict: false, formats })
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
  newsSubscriptions(options as SyncSettings)
  if (kind === 'server') checkTokenHolders(options as ServerSettingsInput)
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
  const name = shownPath(error.instancePath)
  const { parentSchema: schema = {}, data } = error as ErrorObject & { parentSchema?: EnvSchema & SpokenSchema }
  if (error.keyword === 'additionalProperties') return explainUnknown(error, name, others)
  const variable = schema.env ?? variableOf(name)
  const label = variable === undefined ? name : `${variable} (${name})`
  const about = schema.description === undefined || schema.pattern === undefined ? '' : ` (${schema.description})`
  return `${label} is ${shownOption(name, data)}: ${expectationOf(error as Verdict, isSecretOption(name))}${about}`
}

/** `news.team.url`; a name that a host has chosen could be a secret in the wrong place. */
function shownPath(instancePath: string): string {
  return instancePath
    .slice(1)
    .split('/')
    .map((part) => (plainText(part) === null ? '…' : part))
    .join('.')
}

function explainUnknown({ params, parentSchema }: ErrorObject, within: string, others: readonly string[]): string {
  const unknown = String(params.additionalProperty)
  const { names, env = variableOf(within) } = (parentSchema ?? {}) as EnvSchema & { names?: string }
  if (names !== undefined)
    return `${env === undefined ? within : `${env} (${within})`} has the name ${shownText(unknown)}: expected ${names}${inLowerCase(unknown, parentSchema)}`
  const known = Object.keys((parentSchema?.properties ?? {}) as object)
  const meant = closest(unknown, within === '' ? [...known, ...others] : known)
  const path = (name: string): string => [within, name].filter(Boolean).join('.')
  return `there is no option ${path(plainText(unknown) === null ? '…' : unknown)}${meant === null ? '' : `; did you mean ${path(meant)}?`}`
}

/** `; did you mean openai?` where another case is all that is wrong. */
function inLowerCase(name: string, parentSchema: ErrorObject['parentSchema']): string {
  const right = name.trim().toLowerCase()
  const patterns = Object.keys((parentSchema?.['patternProperties'] ?? {}) as object)
  const fits = patterns.some((pattern) => new RegExp(pattern).test(right)) && plainText(right) !== null
  return fits ? `; did you mean ${right}?` : ''
}

/** The variable of the option that a member of a list belongs to. */
function variableOf(name: string): string | undefined {
  const [option = ''] = name.split('.')
  return (serverSchema.properties as Record<string, EnvSchema>)[option]?.env
}
