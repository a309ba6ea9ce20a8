/** Options out of environment variables. */
import type { TObject } from 'typebox'
import { isRecord } from '../core/input/is-record.js'
import { shownOption } from '../core/input/shown-option.js'
import { expectationOf, type SpokenSchema } from '../core/input/schema-expectation.js'
import { OptionsError } from '../errors.js'
import { providerVariables, readEndpoints, readHeaderVariables, readProviderVariables } from './provider-variables.js'
import { TYPES, variablesOf, type EnvSchema } from './env-types.js'
import { serverSchema } from './options-schema.js'
import { fileVariables, withSecretFiles } from './secret-files.js'
import type { ServerSettingsInput } from './settings.js'
import { findUnknownVariables } from './unknown-variables.js'

type Environment = Readonly<Record<string, string | undefined>>

/**
 * Everything that is set; an empty variable is an unset one. Bounds are checked later.
 * @param warn told of each variable that looks like ours and is not read
 * @param without options that the caller has no use for, so that their variables may be another program's
 * @throws OptionsError when a variable cannot be read as what it is
 */
export function readEnvironment(
  given: Environment,
  warn: (line: string) => void,
  { without = [] }: { without?: readonly (keyof ServerSettingsInput)[] } = {},
): ServerSettingsInput {
  const problems: string[] = []
  const typed = asTyped(given)
  const left = variablesLeft(without)
  const env = withSecretFiles(typed, left, problems, warn)
  const options = readObject(serverSchema, withoutVariables(env, left), problems)
  const endpoints = env['MODEL_SYNC_OPENAI_COMPATIBLE']?.trim() ?? ''
  if (endpoints !== '') options['openaiCompatible'] = readEndpoints(endpoints, env, problems)
  const providers = options['providers'] as readonly string[] | undefined
  const asksProxy = providers === undefined || providers.includes('litellm') || providers.includes('all')
  const unknown = findUnknownVariables(env, [...knownVariables(options), ...fileVariables(typed)], asksProxy)
  problems.push(...unknown.problems)
  if (problems.length > 0) throw new OptionsError(problems.join('; '))
  for (const line of unknown.warnings) warn(line)
  const own = readProviderVariables(env)
  const added = ((options['openaiCompatible'] ?? []) as { slug: string }[]).map(({ slug }) => slug)
  const headers = readHeaderVariables(env, added)
  const perProvider = (options['providerOptions'] ?? {}) as Record<string, object>
  const providerOptions = Object.fromEntries(
    [...new Set([...Object.keys(own), ...Object.keys(headers), ...Object.keys(perProvider)])].map((slug) => [
      slug,
      { ...own[slug], ...headers[slug], ...perProvider[slug] },
    ]),
  )
  return (Object.keys(providerOptions).length === 0 ? options : { ...options, providerOptions }) as ServerSettingsInput
}

// An editor's byte order mark becomes part of the first name of a .env file, and `docker run --env-file` keeps the quotes of a value.
function asTyped(env: Environment): Environment {
  const typed = Object.entries(env).map(([name, value]) => [
    name.replace(/^\uFEFF/, ''),
    value?.trim().replace(/^(["'])(.*)\1$/s, '$2'),
  ])
  return Object.fromEntries(typed) as Environment
}

function variablesLeft(names: readonly string[]): ReadonlySet<string | undefined> {
  const properties = serverSchema.properties as Record<string, EnvSchema>
  return new Set(names.map((name) => properties[name]?.env))
}

function withoutVariables(env: Environment, left: ReadonlySet<string | undefined>): Environment {
  return Object.fromEntries(Object.entries(env).filter(([variable]) => !left.has(variable)))
}

function knownVariables({ openaiCompatible }: Record<string, unknown>): string[] {
  const endpoints = (openaiCompatible ?? []) as readonly { keyVariable?: string }[]
  const keys = endpoints.flatMap(({ keyVariable }) => keyVariable ?? [])
  return [...variablesOf(serverSchema), ...providerVariables(), ...keys]
}

function readObject(schema: TObject, env: Environment, problems: string[]): Record<string, unknown> {
  const found: Record<string, unknown> = {}
  for (const [name, property] of Object.entries(schema.properties)) {
    const { env: variable, type, lowerCaseToo } = property as EnvSchema
    if (variable === undefined) {
      const nested = 'properties' in property ? readObject(property as unknown as TObject, env, problems) : {}
      if (Object.keys(nested).length > 0) found[name] = nested
      continue
    }
    const lower = lowerCaseToo === true ? env[variable.toLowerCase()]?.trim() : undefined
    const text = (lower || env[variable]?.trim()) ?? ''
    if (text === '' || variable === 'MODEL_SYNC_OPENAI_COMPATIBLE') continue
    const value = parse(type, spelled(property as EnvSchema, text))
    if (value === undefined)
      problems.push(
        `${variable} is ${type === 'object' ? 'no JSON object' : shownOption(variable, text)}, ${expected(type ?? 'string', property as SpokenSchema)}`,
      )
    else found[name] = value
  }
  return found
}

/** As the schema spells it, where the meaning is plain: `INFO`, `Warning`. */
function spelled({ enum: values, spellings = {} }: EnvSchema, text: string): string {
  const lower = text.toLowerCase()
  return values === undefined ? text : (values.find((value) => value === lower) ?? spellings[lower] ?? text)
}

/** With the bounds, so that whoever mends the spelling need not start twice. */
function expected(type: keyof typeof TYPES, schema: SpokenSchema): string {
  const isNumber = type === 'integer' || type === 'number'
  if (!isNumber) return `expected ${TYPES[type]}`
  return `${expectationOf({ keyword: 'type', params: {}, parentSchema: schema })}, digits alone`
}

const BOOLEANS: Record<string, boolean> = {
  true: true,
  '1': true,
  yes: true,
  on: true,
  false: false,
  '0': false,
  no: false,
  off: false,
}

function parse(type: keyof typeof TYPES | undefined, text: string): unknown {
  if (type === 'boolean') return BOOLEANS[text.toLowerCase()]
  if (type === 'array') return text.split(/[\s,;]+/).filter((member) => member !== '')
  if (type === 'object') return parseObject(text)
  if (type !== 'integer' && type !== 'number') return text
  // `15.000` is 15 here and 15,000 there.
  const pattern = type === 'integer' ? /^[+-]?\d+$/ : /^[+-]?(\d+\.?\d*|\.\d+)$/
  return pattern.test(text) ? Number(text) : undefined
}

function parseObject(text: string): unknown {
  try {
    const value: unknown = JSON.parse(text)
    return isRecord(value) ? value : undefined
  } catch {
    return undefined
  }
}
