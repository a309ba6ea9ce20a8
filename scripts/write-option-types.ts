/**
 * `npm run options`: writes the types of the options, each with its comment, from the schema; with --check it only says whether they are up to date.
 *
 * Written, not inferred: an inferred type has no comments, needs the schema's library, and takes no `undefined` under exactOptionalPropertyTypes.
 */
import { readFileSync, writeFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import path from 'node:path'
import { format, resolveConfig } from 'prettier'
import { serverSchema, syncSchema } from '../src/options/options-schema.js'

const FILE = fileURLToPath(new URL('../src/options/settings.ts', import.meta.url))

interface Schema {
  type?: string
  enum?: readonly string[]
  anyOf?: readonly Schema[]
  items?: Schema
  properties?: Record<string, Schema>
  patternProperties?: Record<string, Schema>
  required?: readonly string[]
  description?: string
  default?: unknown
  env?: string
  minimum?: number
  maximum?: number
  exclusiveMinimum?: number
  minLength?: number
  maxLength?: number
}

function typeOf(schema: Schema): string {
  if (schema.anyOf !== undefined) return schema.anyOf.map(typeOf).join(' | ')
  if (schema.enum !== undefined) return schema.enum.map((value) => JSON.stringify(value)).join(' | ')
  switch (schema.type) {
    case 'array':
      return `readonly (${typeOf(schema.items ?? {})})[]`
    case 'object': {
      if (schema.properties !== undefined) return `{ ${members(schema)} }`
      const [values = {}] = Object.values(schema.patternProperties ?? {})
      return `Record<string, ${typeOf(values)}>`
    }
    case 'integer':
      return 'number'
    case 'string':
    case 'number':
    case 'boolean':
      return schema.type
    default:
      throw new Error(`there is no type for ${JSON.stringify(schema)}; teach it to scripts/write-option-types.ts`)
  }
}

function members({ properties = {}, required = [] }: Schema): string {
  return Object.entries(properties)
    .map(([name, schema]) =>
      required.includes(name)
        ? `${comment(name, schema)}\n${name}: ${typeOf(schema)}\n`
        : `${comment(name, schema)}\n${name}?: ${typeOf(schema)} | undefined\n`,
    )
    .join('')
}

function comment(name: string, schema: Schema): string {
  const { description, env } = schema
  if (description === undefined) throw new Error(`the option ${name} has no description; give it one in the schema`)
  const sentences = [
    `${description[0]?.toUpperCase()}${description.slice(1)}`,
    bounds(schema),
    schema.default === undefined ? null : `Default ${schema.default === '' ? 'none' : JSON.stringify(schema.default)}`,
    env === undefined ? null : `Variable \`${env}\``,
  ]
  return `/** ${sentences.filter((sentence) => sentence !== null).join('. ')}. */`.replaceAll('..', '.')
}

function bounds({ minimum, exclusiveMinimum, maximum, minLength = 1, maxLength }: Schema): string | null {
  if (minimum !== undefined && maximum !== undefined) return `From ${round(minimum)} to ${maximum}`
  if (exclusiveMinimum !== undefined && maximum !== undefined) return `Above ${exclusiveMinimum}, to ${maximum}`
  if (minLength > 1) return `At least ${minLength} characters`
  return maxLength === undefined ? null : `At most ${maxLength} characters`
}

function round(bound: number): number {
  return Math.round(bound * 10_000) / 10_000
}

/** Names of the options that are always there, once the defaults are filled in. */
function defaulted({ properties = {} }: Schema): string {
  const names = Object.entries(properties).filter(([, schema]) => schema.default !== undefined)
  return names.map(([name]) => JSON.stringify(name)).join(' | ')
}

const own = { properties: pick(serverSchema as Schema, (name) => !(name in syncSchema.properties)) }

function pick({ properties = {} }: Schema, wanted: (name: string) => boolean): Record<string, Schema> {
  return Object.fromEntries(Object.entries(properties).filter(([name]) => wanted(name)))
}

const text = await format(
  `/** The options as a host passes them. Written by \`npm run options\` from the schema: change that, not this. */

export interface SyncSettingsInput { ${members(syncSchema as Schema)} }

/** What the reference backend takes beside them. */
export interface ServerSettingsInput extends SyncSettingsInput { ${members(own)} }

/** What a host has passed, with the defaults. */
export type SyncSettings = SyncSettingsInput & Required<Pick<SyncSettingsInput, ${defaulted(syncSchema as Schema)}>>

/** As {@link SyncSettings}, for the reference backend. */
export type ServerSettings = ServerSettingsInput & SyncSettings & Required<Pick<ServerSettingsInput, ${defaulted(own)}>>
`,
  { ...(await resolveConfig(FILE)), filepath: FILE },
)

if (!process.argv.includes('--check')) writeFileSync(FILE, text)
else if (readFileSync(FILE, 'utf8') !== text) {
  process.stderr.write(`${path.basename(FILE)} is not what the schema says: run npm run options\n`)
  process.exitCode = 1
}
