/** `X_FILE` names a file that holds the value of the variable `X`, for each variable that holds a secret. */
import type { TObject } from 'typebox'
import { isSecretOption } from '../core/input/shown-option.js'
import { sources } from '../sources/all-sources.js'
import { headersVariable, type Source } from '../sources/kit/source.js'
import type { EnvSchema } from './env-types.js'
import { serverSchema } from './options-schema.js'
import { readSecretFile } from './read-secret-file.js'

type Environment = Readonly<Record<string, string | undefined>>

const SUFFIX = '_FILE'

/** The variables that can name a file: those of options, of providers, and of endpoints that are added. */
export function fileVariables(env: Environment): string[] {
  return [...ownSecrets(env), ...sources.flatMap(secretsOf)].map((variable) => `${variable}${SUFFIX}`)
}

/**
 * The environment with what the files hold in place of their names.
 * @param without variables that the caller does not read, so that their files are another program's
 * @param problems gets a line for each file that cannot be used, and where the variable itself is set too
 * @param warn told the same of a provider that no option names, whose variables may be another program's
 */
export function withSecretFiles(
  env: Environment,
  without: ReadonlySet<string | undefined>,
  problems: string[],
  warn: (line: string) => void,
): Environment {
  const read: Record<string, string | undefined> = { ...env }
  const take = (variable: string, complain: (line: string) => void): void => {
    const name = `${variable}${SUFFIX}`
    const file = env[name] ?? ''
    if (file === '' || without.has(variable)) return
    read[name] = undefined
    if ((env[variable] ?? '') !== '') return complain(`${variable} and ${name} are both set; expected one of them`)
    try {
      read[variable] = readSecretFile(name, file)
    } catch (error) {
      complain((error as Error).message)
    }
  }
  for (const variable of new Set(ownSecrets(env))) take(variable, (line) => problems.push(line))
  const asked = new Set((env['MODEL_SYNC_PROVIDERS'] ?? 'litellm').split(/[\s,;]+/))
  for (const source of sources)
    for (const variable of secretsOf(source))
      take(variable, (line) =>
        asked.has(source.slug) || asked.has('all') ? problems.push(line) : warn(`${line}; it is not used`),
      )
  return read
}

function ownSecrets(env: Environment): string[] {
  const endpoints = env['MODEL_SYNC_OPENAI_COMPATIBLE'] ?? ''
  const keys = [...endpoints.matchAll(/;key=([A-Z_][A-Z0-9_]*)/g)].map(([, variable = '']) => variable)
  return [...secretsIn(serverSchema), ...keys]
}

/** A path, a number or a switch is no secret. */
function secretsIn(schema: TObject): string[] {
  return Object.values(schema.properties).flatMap((property) => {
    const { env, type } = property as EnvSchema
    if (env === undefined) return 'properties' in property ? secretsIn(property as unknown as TObject) : []
    return isSecretOption(env) && ['string', 'array', 'object'].includes(type ?? 'string') ? [env] : []
  })
}

function secretsOf(source: Source): string[] {
  const keys = source.slug === 'litellm' ? [] : [...source.key.variables, ...(source.key.settings ?? [])]
  return [...keys, headersVariable(source.slug)]
}
