/** How the database is used: connections, and how long anything waits for an answer of it. */
import { Type } from 'typebox'
import { option } from './define-option.js'

export const databaseOptions = {
  poolSize: option(
    'MODEL_SYNC_POOL_SIZE',
    Type.Integer({
      minimum: 2,
      maximum: 500,
      default: 10,
      description:
        'largest number of database connections; syncs and edits leave one or two of them to reads (a host’s own pool and the embedded database keep their size)',
    }),
  ),
  readTimeoutMs: option(
    'MODEL_SYNC_READ_TIMEOUT_MS',
    Type.Integer({
      minimum: 100,
      maximum: 3_600_000,
      default: 5000,
      description:
        'how long a request waits for the database before it gets a 503, in ms; the embedded database has the time of a sync',
    }),
  ),
  statementTimeoutMs: option(
    'MODEL_SYNC_STATEMENT_TIMEOUT_MS',
    Type.Integer({
      minimum: 100,
      maximum: 3_600_000,
      default: 60_000,
      description:
        'how long each statement of a sync or an edit waits for the database, in ms; migrations take as long as they take',
    }),
  ),
  maxRunMinutes: option(
    'MODEL_SYNC_MAX_RUN_MINUTES',
    Type.Number({
      minimum: 0.01,
      maximum: 1440,
      default: 30,
      description: 'a sync is ended after this many minutes; fractions are allowed',
    }),
  ),
}
