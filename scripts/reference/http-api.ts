/** docs/reference/http-api.md: every route, out of the schemas that the server checks requests by. */
import type { Right } from '../../src/routes/shared/rights.js'
import { grouped } from './grouped.js'
import { code, page, sentence, table, type Page } from './markdown.js'
import { servedRoutes, type Operation, type ServedRoute, type Shape } from './served-routes.js'

const INTRODUCTION = `All paths are below the option \`prefix\`. In the reference backend, \`/docs\` shows every schema, and \`/docs/json\` is the OpenAPI document.

- **Ids.** A model's id is \`<provider>/<the provider's id>\`, such as \`litellm/gpt-4o\`, with slashes plain or as \`%2F\`. \`GET /models?id=\` finds ids that no path can hold.
- **Prices** are USD **per token**, decimal strings without an exponent. Unknown is \`null\`, free is \`"0"\`. A capability is \`true\`, \`false\` or \`null\`.
- **Times** are ISO 8601 in UTC.
- **Pages.** \`limit\` is 1 to 500, and 50 by default. Put \`nextCursor\` into \`cursor\` for the next page. A page is shorter if it would exceed 4 MiB.
- **Caching.** The ETag of \`GET /models\`, of one model and of \`GET /v1/models\` is the catalogue's revision with the version of the price book. Send it as
  \`If-None-Match\`, and an unchanged catalogue answers 304.
- **Errors** are \`{statusCode, code: "FST_MODEL_SYNC_…", error, message}\`. A member or a query parameter that we do not know is a 400, because a misspelled \`dryRun\` would
  write. If a body has a member twice, the last one counts. A path answers 405 to methods that it does not have. A body other than JSON is a 415. See [Errors](errors.md).
- **429** comes with \`Retry-After\`: too many dry runs or event streams, more than ten wrong tokens from an address (a right one always gets in), and in the reference backend
  more requests in a minute than \`MODEL_SYNC_RATE_LIMIT_…\` allow.`

/** What a caller needs. */
const RIGHTS: Record<Right, string> = {
  read: 'everybody, unless `authorizeRead` (`READ_TOKENS`) guards reads',
  write: '`authorize` (the admin token)',
  'own-read': '`authorizeUser`, else `authorize`',
  'own-write': '`authorizeUser`, else `authorize`',
  start: '`authorize` for the backend’s keys, `authorizeUser` for the user’s own',
  'cron-secret': '`CRON_SECRET`',
  'sync-webhook-signature': 'a signature by `MODEL_SYNC_WEBHOOK_SECRET`',
  page: 'everybody',
}

/** In the order of the page; a tag that is not here comes last, under its own name. */
const GROUPS: Record<string, string> = {
  sync: 'Syncs and runs',
  catalogue: 'Models',
  models: 'Models',
  changes: 'Changes',
  resolve: 'Names',
  providers: 'Providers',
  news: 'News',
  probes: 'Probes',
  credentials: 'User keys',
  openai: 'OpenAI’s list',
  health: 'Health',
  admin: 'Admin',
}

/** Lists whose items have a section of their own. */
const ITEMS: readonly [title: string, route: string, member: string][] = [
  ['The model', 'GET /models', 'models'],
  ['The change', 'GET /models/changes', 'changes'],
  ['The run', 'GET /models/sync/history', 'runs'],
  ['The provider', 'GET /providers', 'providers'],
]

export async function httpApi(): Promise<Page> {
  const all = await servedRoutes()
  const groups = grouped(all, ({ operation }) => titleOf(operation.tags?.[0] ?? ''))
  const titles = [...new Set([...Object.values(GROUPS), ...groups.keys()])].filter((title) => groups.has(title))
  return page(
    'http-api.md',
    'src/routes/',
    '# HTTP API',
    INTRODUCTION,
    '## All routes',
    table(
      ['Route', 'What it does'],
      titles
        .flatMap((title) =>
          groups
            .get(title)!
            .map(({ method, path, operation }) => [code(shown(method, path)), sentence(operation.summary ?? '')]),
        )
        .concat([[code('GET /settings'), 'The [settings page](../guide/settings-page.md).']]),
    ),
    ...titles.flatMap((title) => [`## ${title}`, ...groups.get(title)!.flatMap(describe)]),
    ...ITEMS.flatMap(([title, route, member]) => {
      const items = answerOf(all.find(({ method, path }) => `${method} ${path}` === route)!.operation)?.properties?.[
        member
      ]?.items
      return [`## ${title}`, table(['Member', 'Type', 'Meaning'], members(items ?? {}))]
    }),
  )
}

function titleOf(tag: string): string {
  return GROUPS[tag] ?? `${tag.charAt(0).toUpperCase()}${tag.slice(1)}`
}

const shown = (method: string, path: string): string => `${method} ${path.replaceAll(/\{(\w+)\}/g, '<$1>')}`

function describe({ method, path, right, operation }: ServedRoute): string[] {
  const { summary = '', description = '', parameters = [], requestBody } = operation
  const query = parameters.filter((parameter) => parameter.in === 'query')
  const body = Object.values(requestBody?.content ?? {})[0]?.schema
  const answer = answerOf(operation)
  return [
    `### ${code(shown(method, path))}`,
    [sentence(summary), sentence(description)].filter((part) => part !== '').join(' '),
    ...(right === undefined ? [] : [`**Access:** ${RIGHTS[right]}.`]),
    ...(query.length === 0
      ? []
      : [
          table(
            ['Query', 'Type', 'Meaning'],
            query.map((one) => [
              code(one.name),
              typeOf(one.schema),
              meaning({ ...one.schema, description: one.description ?? '' }),
            ]),
          ),
        ]),
    ...(body?.properties === undefined || Object.keys(body.properties).length === 0
      ? []
      : [table(['Body', 'Type', 'Meaning'], members(body))]),
    ...(answer?.properties === undefined
      ? []
      : [`**Answers:** ${code(`{${Object.keys(answer.properties).join(', ')}}`)}`]),
  ]
}

function answerOf({ responses }: Operation): Shape | undefined {
  const ok = responses['200'] ?? responses['201'] ?? responses['202']
  return ok?.content?.['application/json']?.schema
}

function members({ properties = {} }: Shape): string[][] {
  return Object.entries(properties).map(([name, shape]) => [code(name), typeOf(shape), meaning(shape)])
}

function typeOf(shape: Shape): string {
  const { type, enum: values, items, anyOf, nullable } = shape
  const base =
    values !== undefined && values.length <= 8
      ? values.map((value) => code(String(value))).join(', ')
      : type === 'array'
        ? `list of ${typeOf(items ?? {})}`
        : anyOf !== undefined
          ? [...new Set(anyOf.map(typeOf))].join(' or ')
          : (type ?? 'any')
  return nullable === true && !base.includes('null') ? `${base} or null` : base
}

function meaning({ description = '', minimum, maximum, default: value, enum: values }: Shape): string {
  const many =
    values !== undefined && values.length > 8 ? `One of ${values.map((one) => code(String(one))).join(', ')}.` : ''
  const bounds =
    minimum === undefined || maximum === undefined || maximum >= 2 ** 31 - 1 ? '' : `From ${minimum} to ${maximum}.`
  const implied = value === undefined || description.includes('default') ? '' : `Default: ${code(String(value))}.`
  return [sentence(description), many, bounds, implied].filter((part) => part !== '').join(' ')
}
