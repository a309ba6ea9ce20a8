import t from 'tap'
import { describeProblem } from '../../../src/core/records/problem-text.js'
import type { Cause } from '../../../src/core/records/problem.js'

const request = 'GET /v1/models'
const refused = { request, through: null, said: null, page: false }

t.test('each fact has its words', async (t) => {
  const sentences: [Cause, string][] = [
    [{ code: 'upstream-status', facts: { ...refused, status: 500 } }, 'GET /v1/models answered 500'],
    [
      { code: 'upstream-status', facts: { ...refused, status: 429, said: 'slow down', attempts: 3 } },
      'GET /v1/models answered 429 (slow down); too many requests; tried 3 times',
    ],
    [
      {
        code: 'upstream-status',
        facts: {
          ...refused,
          status: 401,
          page: true,
          through: 'http://proxy:3128',
          remedy: { with: 'key', variables: ['A_KEY', 'B_KEY'], isSet: false },
        },
      },
      'GET /v1/models answered 401 through the proxy http://proxy:3128 (an HTML page); no key is set: set A_KEY or B_KEY',
    ],
    [
      {
        code: 'too-many-pages',
        facts: { request, most: 3, remedy: { with: 'more', option: 'maxPages' } },
      },
      'GET /v1/models has more than 3 pages; MODEL_SYNC_MAX_PAGES (maxPages) allows more',
    ],
    [
      {
        code: 'incomplete-listing',
        facts: { cause: { code: 'upstream-failed', facts: { request } } },
      },
      'the listing is incomplete, so nothing was applied: GET /v1/models was not sent: the HTTP client is closed',
    ],
    [{ code: 'cancelled', facts: { by: 'person', step: 'start' } }, 'the run was not started: the run was cancelled'],
    [
      { code: 'run-too-long', facts: { maxRunMs: 1500, step: 'hook' } },
      'the run took longer than 1.5 seconds, the most that it may (MODEL_SYNC_MAX_RUN_MINUTES); it still waited for a hook of the host',
    ],
    [
      { code: 'not-due', facts: { until: '2026-11-24T12:00:00.000Z', reason: null, failures: 4 } },
      'it is not due before 2026-11-24T12:00:00.000Z (4 failures in a row); a manual sync tries at once',
    ],
    [
      { code: 'price-jump', facts: { reasons: ['mass-removal', 'price-jump'], removals: 7, jumps: 1, undone: 0 } },
      '7 models would become unavailable at once; a price jumps: held until a person approves (mass-removal, price-jump)',
    ],
    [
      { code: 'database', facts: { sqlState: '53100', step: 'apply', said: 'disk full', refused: true } },
      'the database refused: disk full',
    ],
  ]
  for (const [cause, sentence] of sentences) t.equal(describeProblem(cause), sentence)
})
