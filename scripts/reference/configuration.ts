/** docs/reference/configuration.md: every option, out of the schema, and the plugin's own, out of the comments of their type. */
import { readFileSync } from 'node:fs'
import ts from 'typescript'
import { cronOptions } from '../../src/options/cron-options.js'
import { databaseOptions } from '../../src/options/database-options.js'
import { memoryOptions } from '../../src/options/history-options.js'
import { modelsJsonOptions } from '../../src/options/models-json-options.js'
import { newsOptions } from '../../src/options/news-options.js'
import { openaiOptions } from '../../src/options/openai-options.js'
import { serverSchema, syncSchema } from '../../src/options/options-schema.js'
import { probeOptions } from '../../src/options/probe-options.js'
import { providerOptions } from '../../src/options/provider-options.js'
import { proxyOptions } from '../../src/options/proxy-options.js'
import { resolverOptions } from '../../src/options/resolver-options.js'
import { routeOptions } from '../../src/options/route-options.js'
import { serverOptions } from '../../src/options/server-options.js'
import { tlsOptions } from '../../src/options/tls-options.js'
import { scheduleOptions } from '../../src/options/trigger-options.js'
import { userKeyOptions } from '../../src/options/user-key-options.js'
import { commentOf } from './comments.js'
import { code, page, sentence, table, type Page } from './markdown.js'

interface Schema {
  type?: string
  enum?: readonly unknown[]
  items?: Schema
  properties?: Record<string, Schema>
  patternProperties?: Record<string, Schema>
  description?: string
  default?: unknown
  /** What holds when nobody sets it, where the code decides that and not the schema. */
  implied?: string
  env?: string
  minimum?: number
  maximum?: number
  exclusiveMinimum?: number
  minLength?: number
  maxLength?: number
}

const INTRODUCTION = `\`npm start\` and the command line read these variables from the environment and from \`.env\`; the environment wins. A host passes the option below
the variable; the plugin itself reads no environment (\`...optionsFromEnv()\` does it for you). A wrong value stops the start, and the message says what is allowed.

[\`.env.example\`](https://github.com/fastify-model-sync/fastify-model-sync/blob/main/.env.example) is a file to copy, with all of them. An empty value counts as not
set. Booleans are \`true\`/\`false\`, \`1\`/\`0\`, \`yes\`/\`no\` or \`on\`/\`off\`. Lists are separated by commas.`

const SECRETS = `Every variable that holds a secret can name a file instead, as Docker and Kubernetes mount them: \`ADMIN_TOKEN_FILE=/run/secrets/admin_token\`,
\`DATABASE_URL_FILE\`, \`OPENAI_API_KEY_FILE\`. The file may be a link, and others may read it; the line break at its end is cut. Setting a variable and its file, or naming a
file that cannot be read, stops the start; for a provider that no setting names, it is a warning. On the command line, \`--token-file\` stands for \`--token\`.`

type Options = Readonly<Record<string, unknown>>

// Where each option is shown. Those of syncSchema that no line names come under the last heading but two, which is about limits.
const pick = (...names: string[]): Options => Object.fromEntries(names.map((name) => [name, properties[name]]))
const properties = serverSchema.properties as unknown as Record<string, Schema>
const SECTIONS: readonly [title: string, options: Options, about?: string][] = [
  ['Database', { ...pick('databaseUrl', 'dataDir', 'schema'), ...databaseOptions, ...pick('assetsDir') }],
  ['LiteLLM', pick('litellm')],
  [
    'When to sync',
    {
      ...pick('autoSync', 'syncIntervalMinutes', 'syncIntervalHours', 'syncOnStartup', 'enabled', 'staleDays'),
      ...scheduleOptions,
      ...cronOptions,
    },
    'See [Scheduling](../guide/scheduling.md).',
  ],
  [
    'Providers',
    pick('providers', 'providerOptions', 'openaiCompatible'),
    'Keys and addresses of providers have [variables of their own](providers.md).',
  ],
  [
    'Limits and guards',
    {},
    'See [Guards and approval](../guide/guards-and-approval.md). `providerOptions` sets them for one provider.',
  ],
  ['Prices', pick('priceBook', 'priceBookUrl', 'modelsDevUrl'), 'See [Prices](../guide/prices.md).'],
  ['Names', { ...resolverOptions, ...openaiOptions }, 'See [Names](../guide/names.md).'],
  ['models.json', modelsJsonOptions, 'See [models.json](../guide/models-json.md).'],
  ['News', newsOptions, 'See [News](../guide/news.md).'],
  ['User keys', userKeyOptions, 'See [User keys](../guide/user-keys.md).'],
  ['Probes', probeOptions, 'See [Probes](../guide/probes.md).'],
  [
    'Gateways and proxies',
    { ...tlsOptions, ...proxyOptions },
    'See [Behind a gateway or a proxy](../guide/how-a-sync-works.md#behind-a-gateway-or-a-proxy).',
  ],
  ['History and HTTP', { ...memoryOptions, ...routeOptions }],
  ['The reference backend', serverOptions, 'Only `npm start` reads these. `prefix` is an option of the plugin, too.'],
]
const LIMITS = 'Limits and guards'

export function configuration(): Page {
  const shown = new Set(SECTIONS.flatMap(([, options]) => Object.keys(options)))
  const left = Object.fromEntries(Object.entries(properties).filter(([name]) => !shown.has(name)))
  const sections = SECTIONS.flatMap(([title, options, about]) => [
    `## ${title}`,
    ...(about === undefined ? [] : [about]),
    table(['Variable, option', 'Default', 'Meaning'], rowsOf(title === LIMITS ? left : options)),
  ])
  const own = [
    '## Options of one provider',
    'Members of `providerOptions.<slug>`, or of the JSON in `MODEL_SYNC_PROVIDER_OPTIONS`. A limit that is not set is the general one.',
    table(['Member', 'Meaning'], membersOf(providerOptions as unknown as Schema)),
  ]
  const news = (newsOptions.news as unknown as Schema).patternProperties ?? {}
  const subscription = [
    '## A subscription to news',
    table(['Member', 'Meaning'], Object.values(news).flatMap(membersOf)),
  ]
  return page(
    'configuration.md',
    'src/options/ and src/plugin.ts',
    '# Configuration',
    INTRODUCTION,
    '## Secrets in files',
    SECRETS,
    ...sections,
    ...own,
    ...subscription,
    '## Plugin options',
    'A host passes these beside the options above.',
    table(
      ['Option', 'Meaning'],
      [
        ...pluginOptions(),
        ['`logLevel`, `logSerializers`', 'Fastify’s options of these names, for the plugin’s routes.'],
      ],
    ),
  )
}

function rowsOf(options: Options, path: readonly string[] = []): string[][] {
  return Object.entries(options as Record<string, Schema>).flatMap(([name, schema]) => {
    const option = [...path, name]
    if (schema.env === undefined && schema.properties !== undefined) return rowsOf(schema.properties, option)
    if (schema.env === undefined)
      throw new Error(`the option ${option.join('.')} has no variable; name one with option()`)
    const isOfHost = option[0]! in syncSchema.properties || option[0] === 'prefix'
    const names = isOfHost ? `${code(schema.env)}<br>${code(option.join('.'))}` : code(schema.env)
    const value =
      schema.implied ?? (schema.default === undefined || schema.default === '' ? undefined : String(schema.default))
    return [[names, value === undefined ? 'none' : code(value), meaning(schema)]]
  })
}

function membersOf({ properties: members = {} }: Schema): string[][] {
  return Object.entries(members).flatMap(([name, schema]) =>
    schema.properties === undefined
      ? [[code(name), meaning(schema)]]
      : Object.entries(schema.properties).map(([inner, own]) => [code(`${name}.${inner}`), meaning(own)]),
  )
}

function meaning(schema: Schema): string {
  const { description = '', enum: values } = schema
  const choices =
    values === undefined || values.every((value) => description.includes(String(value)))
      ? ''
      : `One of ${values.map((value) => code(String(value))).join(', ')}.`
  return [sentence(description), choices, bounds(schema)].filter((part) => part !== '').join(' ')
}

function bounds({ minimum, exclusiveMinimum, maximum, minLength = 1, maxLength }: Schema): string {
  const low = minimum ?? exclusiveMinimum
  if (low !== undefined && maximum !== undefined)
    return `${exclusiveMinimum === undefined ? 'From' : 'Above'} ${round(low)} to ${maximum}.`
  if (low !== undefined) return `At least ${round(low)}.`
  if (minLength > 1) return `At least ${minLength} characters.`
  return maxLength === undefined ? '' : `At most ${maxLength} characters.`
}

const round = (bound: number): number => Math.round(bound * 10_000) / 10_000

/** What the plugin reads itself, in the order of its type. */
function pluginOptions(): string[][] {
  const text = readFileSync(new URL('../../src/plugin.ts', import.meta.url), 'utf8')
  const file = ts.createSourceFile('plugin.ts', text, ts.ScriptTarget.Latest, true)
  const rows = new Map<string, string>()
  const visit = (node: ts.Node): void => {
    if (ts.isPropertySignature(node)) {
      const name = node.name.getText(file)
      const comment = commentOf(node)
      if (comment !== '' && !rows.has(name)) rows.set(name, comment)
      return
    }
    if (ts.isInterfaceDeclaration(node) || ts.isTypeAliasDeclaration(node)) ts.forEachChild(node, visit)
    else if (
      ts.isSourceFile(node) ||
      ts.isUnionTypeNode(node) ||
      ts.isTypeLiteralNode(node) ||
      ts.isParenthesizedTypeNode(node)
    )
      ts.forEachChild(node, visit)
  }
  visit(file)
  return [...rows].map(([name, comment]) => [code(name), sentence(comment)])
}
