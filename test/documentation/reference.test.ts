/** docs/reference/ against what runs: each option, route, provider, error, table and log line has its place. */
import { readFileSync } from 'node:fs'
import path from 'node:path'
import t from 'tap'
import { optionVariables, providerVariables } from '../../src/options.js'
import * as errors from '../../src/errors.js'
import { migratedColumns, startBackend } from './running-backend.js'
import { defaultOf, optionPath } from '../support/documented-options.js'
import { ROOT } from '../support/root.js'

t.test('each variable of an option stands in configuration.md once, with its option and its default', async (t) => {
  const rows = tableRows('configuration').filter(([name = '']) => /^`[A-Z][A-Z0-9_]*`/.test(name))
  const variable = ([name = '']: string[]): string => /^`(\w+)`/.exec(name)?.[1] ?? ''
  t.same(rows.map(variable).sort(), optionVariables().sort())
  for (const row of rows) {
    const name = variable(row)
    t.equal(row[1], defaultOf(name) === null ? 'none' : `\`${defaultOf(name)}\``, `${name} has its default`)
    const option = /<br>`([\w.]+)`/.exec(row[0] ?? '')?.[1]
    if (option !== undefined) t.equal(option, optionPath(name).join('.'), `${name} has its option`)
    t.match(row[2], /^\S.{10,}[.:]$/, `${name} says what it means, in a sentence`)
  }
})

t.test('each option that the plugin reads itself stands there too', async (t) => {
  const plugin = readFileSync(new URL('src/plugin.ts', ROOT), 'utf8')
  const listed = [...plugin.matchAll(/^ {2}(\w+): true,$/gm)].map(([, name = '']) => name)
  t.ok(listed.length > 12, `${listed.length} options`)
  const page = read('configuration').split('## Plugin options')[1] ?? ''
  for (const name of listed) t.match(page, `\`${name}\``, name)
})

t.test('each variable of a provider stands in providers.md', async (t) => {
  for (const variable of ['LITELLM_API_URL', 'LITELLM_API_KEY', ...providerVariables()])
    t.match(read('providers'), `\`${variable}\``, variable)
})

t.test('each error that is exported, and each code that is written in the sources, stands in errors.md', async (t) => {
  const codes = Object.values(errors).flatMap((one) => {
    const { code } = (one as { prototype?: { code?: string } }).prototype ?? {}
    return code === undefined ? [] : [code]
  })
  for (const name of new Set([...codes, 'FST_MODEL_SYNC_MODEL_NOT_FOUND', 'FST_MODEL_SYNC_STARTING']))
    t.match(read('errors'), `| \`${name}\``, name)
})

t.test('a running backend', async (t) => {
  const { app, log, folder, failUpstream } = await startBackend(t, { enabled: true, autoSync: true })

  await t.test('each of its routes stands in http-api.md, and no other', async (t) => {
    const paths = app.swagger().paths as Record<string, Record<string, unknown>>
    const served = Object.entries(paths).flatMap(([url, methods]) =>
      Object.keys(methods).map((method) => `${method.toUpperCase()} ${url.replaceAll(/\{(\w+)\}/g, '<$1>')}`),
    )
    t.ok(served.length > 10, `${served.length} routes`)
    const sections = [...read('http-api').matchAll(/^### `(.+)`$/gm)].map(([, route = '']) => route)
    t.same(sections.sort(), served.sort(), 'a section for each')
    const listed = tableRows('http-api').flatMap(([cell = '']) => /^`([A-Z]+ \/[^`\s]*)`$/.exec(cell)?.[1] ?? [])
    // The page is HTML, which OpenAPI has nothing to say about.
    t.same(listed.filter((route) => route !== 'GET /settings').sort(), served.sort(), 'a row for each')
    t.equal((await app.inject('/settings')).headers['content-type'], 'text/html; charset=utf-8')
  })

  await t.test('each line that it logs stands in logs.md with its level', async (t) => {
    await log.waitFor('Initial model sync completed')
    failUpstream()
    const authorization = `Bearer ${readFileSync(path.join(folder, 'data/admin-token'), 'utf8').trim()}`
    await app.inject({ method: 'POST', url: '/models/sync', headers: { authorization } })
    const documented = tableRows('logs').map(([line = '', level = '']) => ({
      level,
      pattern: new RegExp(
        `^${line
          .slice(1, -1)
          .split(/<[^>]+>/)
          .map(escape)
          .join('.*')}$`,
      ),
    }))
    const FASTIFYS = /^(incoming request|request completed|Server listening)/
    const logged = log.lines().filter(({ level, msg }) => level >= 30 && !FASTIFYS.test(msg))
    t.ok(logged.length > 6, `${logged.length} lines`)
    const LEVELS: Record<number, string> = { 30: 'info', 40: 'warn', 50: 'error' }
    for (const { level, msg } of logged)
      t.ok(
        documented.some((one) => one.level === LEVELS[level] && one.pattern.test(msg)),
        `${LEVELS[level]} ${msg}`,
      )
  })
})

t.test('each table and view of the schema stands in database.md, with each of its columns', async (t) => {
  const columns = await migratedColumns(t)
  const sections = new Map(
    read('database')
      .split(/^### /m)
      .slice(1)
      .map((section) => [section.split('\n', 1)[0], section]),
  )
  t.same([...sections.keys()].sort(), [...columns.keys()].filter((name) => name !== 'migrations').sort())
  t.match(read('database'), '| `migrations` |')
  for (const [table, names] of columns)
    for (const name of names)
      if (table !== 'migrations') t.match(sections.get(table), `| \`${name}\` |`, `${table}.${name}`)
})

function read(page: string): string {
  return readFileSync(new URL(`docs/reference/${page}.md`, ROOT), 'utf8')
}

/** The cells of every table row. */
function tableRows(page: string): string[][] {
  return read(page)
    .split('\n')
    .filter((line) => line.startsWith('|'))
    .map((line) =>
      line
        .split(/(?<!\\)\|/)
        .slice(1, -1)
        .map((cell) => cell.trim()),
    )
}

function escape(text: string): string {
  return text.replaceAll('\\|', '|').replaceAll(/[.*+?^${}()|[\]\\]/g, '\\$&')
}
