/** docs/reference/database.md: every table and view, as the migrations make them, with the comments that stand in these. */
import { createHash } from 'node:crypto'
import { mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import path from 'node:path'
import { grouped } from './grouped.js'
import { code, page, sentence, table, type Page } from './markdown.js'

interface Column {
  table: string
  column: string
  type: string
  nullable: boolean
  kind: 'table' | 'view'
}

const MIGRATIONS = fileURLToPath(new URL('../../src/store/migrations/', import.meta.url))
const CACHE = fileURLToPath(new URL('../../.cache/reference/', import.meta.url))
const SCHEMA = 'model_sync'

/** A row of each; of a table that is not here, what its migration says. */
const ROWS: Record<string, string> = {
  catalogue: 'The revision of the catalogue. One row.',
  digest_key: 'The key of this installation’s digests, if there is no encryption key. One row.',
  listing_texts: 'The answer that `models.json` mirrors, to the letter.',
  migrations: 'A migration that was applied.',
  model_changes:
    'A change: a new model with all its fields, or one changed field with its old and new value, its run, cause and actor.',
  model_prices: 'A price of a model, with the time from when to when it held.',
  model_sync_history:
    'The history in the words of an older system: one row for each sync. See [Moving in](../guide/moving-in.md).',
  models:
    'A model: its fields, its availability and why, when it was first seen and last changed. Prices are `numeric`, in USD per token.',
  model_sync_seen: 'Up to which model a user has seen the catalogue.',
  news_cursors: 'How far a subscription to news has read the changelog.',
  news_deliveries: 'A message that waits until it has arrived.',
  news_subscriptions: 'A subscription to news: its name, its state, and a digest of its target.',
  news_told: 'A warning or failure that was already sent, so that it is not sent twice.',
  probe_budget: 'The number of probes of a day.',
  probes: 'A probe of a model, kept for 90 days.',
  providers: 'A provider: its last attempt, success and error, its settings, and what is known of its last answer.',
  sync_runs: 'A run: trigger, options, times, result.',
  work: 'A piece of work that replicas share: a sync, an interval, a delivery. Its lease says who is at it.',
  replicas: 'A process that shares this catalogue.',
  upstream_entries: 'Some dozens of entries as the provider sent them, without secrets, as gzipped JSON.',
  user_credentials: 'A user’s key for a provider, encrypted.',
  user_models: 'A model that a user’s key shows or showed.',
  user_providers: 'How a provider stands for one user.',
  user_runs: 'A run with a user’s keys.',
  webhook_messages: 'A signed message that was taken, kept for a quarter of an hour.',
}

const INTRODUCTION = `The tables are in the schema \`model_sync\` (\`MODEL_SYNC_SCHEMA\`). Numbered migrations create and update them when the server starts. Read them as you like, but leave writing
to the plugin. They may change in any release; the [HTTP API](http-api.md) follows semantic versioning.

\`\`\`sql
SELECT provider_model_id, input_cost_per_token * 1000000 AS usd_per_million
FROM model_sync.models
WHERE availability = 'available' AND mode = 'chat'
ORDER BY 2 NULLS LAST;
\`\`\`

The first start needs the right to create a schema. A run that changed nothing adds one row to \`sync_runs\`, which is removed after \`MODEL_SYNC_HISTORY_DAYS\`.

## The embedded database

Without \`DATABASE_URL\`, the data is in PGlite: PostgreSQL compiled to WebAssembly. It serves one process, and all its connections share one session. That is good for a trial
and for a small backend.

- If the process is killed, nothing that was committed is lost. **A power cut may lose data:** PGlite never waits for the disk, so the last half a minute can be gone, or the
  folder may not open any more. Only a clean stop flushes everything. Restore a copy, or move the folder away and sync again. If you have pins, local models or a history to
  lose, use PostgreSQL, or copy the folder.
- If the disk is full, the embedded database stops, says so in the log, and starts again by itself when there is room.

## Several replicas

[Replicas](../guide/replicas.md) share one \`DATABASE_URL\`. If several start together, one migrates and the others wait. An older answer never replaces a newer one, whichever replica got it: a replica
that was overtaken asks again, at most twice, and otherwise returns what the other one applied.`

export async function database(): Promise<Page> {
  const migrations = readdirSync(MIGRATIONS)
    .filter((name) => name.endsWith('.sql'))
    .toSorted()
    .map((name) => readFileSync(path.join(MIGRATIONS, name), 'utf8'))
  const columns = await columnsOf(migrations)
  const comments = commentsOf(migrations)
  const tables = grouped(columns, (column) => column.table)
  return page(
    'database.md',
    'src/store/migrations/',
    '# Database',
    INTRODUCTION,
    '## Tables',
    table(
      ['Table', 'A row is'],
      [...tables.keys()]
        .map((name) => [`[${code(name)}](#${name})`, about(name, comments)])
        .concat([
          // Made before the first migration, to remember them.
          [code('migrations'), ROWS['migrations']!],
        ]),
    ),
    ...[...tables].flatMap(([name, own]) => [
      `### ${name}`,
      `${about(name, comments)}${own[0]?.kind === 'view' ? ' A view.' : ''}`,
      table(
        ['Column', 'Type', 'Meaning'],
        own.map(({ column, type, nullable }) => [
          code(column),
          nullable || own[0]?.kind === 'view' ? type : `${type}, not null`,
          sentence(said(comments.get(`${name}.${column}`) ?? '')),
        ]),
      ),
    ]),
  )
}

// Why there is no foreign key is of interest to whoever changes the schema.
const said = (comment: string): string => (/^No foreign key/.test(comment) ? '' : comment)

const about = (name: string, comments: ReadonlyMap<string, string>): string =>
  ROWS[name] ?? sentence((comments.get(name) ?? '').split(/(?<=\.) /)[0] ?? '')

/** What PostgreSQL itself says of the migrated schema; remembered, since starting one takes seconds. */
async function columnsOf(migrations: readonly string[]): Promise<Column[]> {
  const digest = createHash('sha256').update(migrations.join('\0')).digest('hex').slice(0, 16)
  const file = path.join(CACHE, `columns-${digest}.json`)
  try {
    return JSON.parse(readFileSync(file, 'utf8')) as Column[]
  } catch {
    // Not yet.
  }
  const { PGlite } = await import('@electric-sql/pglite')
  const db = new PGlite()
  await db.exec(`CREATE SCHEMA ${SCHEMA}`)
  for (const sql of migrations) await db.exec(sql.replaceAll('{schema}', SCHEMA))
  const { rows } = await db.query<Column>(
    `SELECT c.relname AS table, a.attname AS column, format_type(a.atttypid, a.atttypmod) AS type, NOT a.attnotnull AS nullable,
       CASE c.relkind WHEN 'v' THEN 'view' ELSE 'table' END AS kind
     FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace JOIN pg_attribute a ON a.attrelid = c.oid
     WHERE n.nspname = $1 AND c.relkind IN ('r', 'v', 'p') AND a.attnum > 0 AND NOT a.attisdropped
     ORDER BY c.relname COLLATE "C", a.attnum`,
    [SCHEMA],
  )
  await db.close()
  mkdirSync(CACHE, { recursive: true })
  writeFileSync(file, JSON.stringify(rows))
  return rows
}

/** Of tables (`models`) and columns (`models.mode`): the comment lines in front of them; the last migration that says something wins. */
function commentsOf(migrations: readonly string[]): Map<string, string> {
  const found = new Map<string, string>()
  for (const sql of migrations) {
    let current = ''
    let comment: string[] = []
    for (const line of sql.split('\n')) {
      const [, said] = /^\s*-- (.*)$/.exec(line) ?? []
      const [, created] = /^(?:CREATE TABLE|CREATE (?:OR REPLACE )?VIEW|ALTER TABLE) \{schema\}\.(\w+)/.exec(line) ?? []
      const [, column] = /^\s+(?:ADD COLUMN )?([a-z_]+) [a-z]/.exec(line) ?? /ADD COLUMN ([a-z_]+) /.exec(line) ?? []
      if (said !== undefined) comment.push(said)
      else {
        if (created !== undefined) current = created
        const text = comment.join(' ')
        if (created !== undefined && line.startsWith('CREATE') && text !== '') found.set(created, text)
        else if (column !== undefined && text !== '') found.set(`${current}.${column}`, text)
        comment = []
      }
    }
  }
  return found
}
