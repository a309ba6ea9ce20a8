/** The lint rules of the architecture: each refuses what it is there for. */
import path from 'node:path'
import { fileURLToPath } from 'node:url'
import { ESLint } from 'eslint'
import t from 'tap'
import { ROOT } from '../support/root.js'

const repository = fileURLToPath(ROOT)

const eslint = new ESLint({
  cwd: repository,
  // What is looked for needs no types, and the files below hold other text than on disk.
  overrideConfig: {
    files: ['**/*.{ts,tsx}'],
    languageOptions: { parserOptions: { project: null, projectService: false } },
    rules: {
      '@typescript-eslint/no-floating-promises': 'off',
      '@typescript-eslint/no-misused-promises': 'off',
      '@typescript-eslint/no-unused-vars': 'off',
      '@typescript-eslint/no-unused-expressions': 'off',
    },
  },
})

const VIOLATIONS: [where: string, text: string, message: RegExp][] = [
  [
    'src/core/model/model.ts',
    `import { x } from '../plan/plan.js'; x`,
    /core\/model imports input, schema of its layer; not plan/,
  ],
  [
    'src/core/plan/plan.ts',
    `import type { X } from '../../store/database.js'; export type Y = X`,
    /core imports nothing; not store/,
  ],
  ['src/core/plan/plan.ts', `import { hash } from 'node:crypto'; hash('md5', '')`, /core is pure/],
  ['src/core/plan/plan.ts', 'export const now = Date.now()', /no clock/],
  ['src/core/plan/plan.ts', 'export const now = new Date()', /no clock/],
  ['src/core/plan/plan.ts', 'export const dice = Math.random()', /no chance/],
  ['src/core/plan/plan.ts', 'setTimeout(() => undefined, 1)', /no clock, timers/],
  ['src/core/plan/plan.ts', `void fetch('http://127.0.0.1')`, /network/],
  ['src/core/plan/plan.ts', 'export const { env } = process', /environment/],
  ['src/core/plan/guards.ts', `import { Big } from '../model/big.js'; Big.DP = 3`, /is imported, and stays as it is/],
  ['src/sources/providers/groq.ts', `import { x } from './zai.js'; x`, /never another source/],
  [
    'src/sources/kit/entry.ts',
    `import { x } from '../providers/zai.js'; x`,
    /sources\/kit imports nothing of its layer/,
  ],
  ['src/sources/providers/groq.ts', `import { x } from '../../upstream/read-json.js'; x`, /not upstream/],
  ['src/store/database.ts', `import { x } from '../services/log.js'; x`, /not services/],
  ['src/store/runs/seen.ts', `import { x } from '../news/deliveries.js'; x`, /store\/runs imports .*not news/],
  ['src/services/news/news-service.ts', `import { x } from '../triggers/login-sync.js'; x`, /not triggers/],
  [
    'src/services/news/create-news.ts',
    `import type { X } from '../sync/sync-events.js'; export type Y = X`,
    /services\/news imports .*not sync/,
  ],
  ['src/services/room.ts', `import { x } from '../options/settings.js'; x`, /and types of options; not options/],
  [
    'src/services/triggers/login-sync.ts',
    `import type { X } from '../user-keys/user-syncs.js'; export type Y = X`,
    /not user-keys/,
  ],
  [
    'src/services/sync/run-queue.ts',
    `export const rows = (pool: { query(text: string): unknown }) => pool.query('SELECT 1')`,
    /store\/ alone/,
  ],
  [
    'src/services/sync/run-queue.ts',
    `import type { FastifyInstance } from 'fastify'; export type X = FastifyInstance`,
    /Fastify/,
  ],
  ['src/services/sync/run-queue.ts', 'export const { HOME } = process.env', /only options.ts reads the environment/],
  ['src/routes/models.ts', `import { x } from '../services/log.js'; x`, /routes imports .*not services/],
  ['src/routes/shared/etag.ts', `import { x } from '../models.js'; x`, /shared imports nothing/],
  ['src/client/http.ts', `import { x } from '../services/log.js'; x`, /client imports core; not services/],
  [
    'src/settings-page/app.tsx',
    `import { x } from '../core/model/price.js'; x`,
    /settings-page imports client; not core/,
  ],
  ['src/options/settings.ts', `import { x } from '../plugins/database.js'; x`, /options imports .*not plugins/],
  ['src/plugins/database.ts', `import { x } from '../server/log.js'; x`, /plugins imports .*not server/],
  ['src/server/log.ts', `import { x } from '../store/database.js'; x`, /server imports .*not store/],
  ['src/cli/line/help.ts', `import { x } from '../commands/list.js'; x`, /cli\/line imports .*not commands/],
  ['src/direct.ts', `import { x } from './store/database.js'; x`, /direct imports .*not store/],
  ['src/services/log.ts', `import { x } from '../index.js'; x`, /nobody inside imports the index/],
]

for (const [where, text, message] of VIOLATIONS)
  t.test(`${where}: ${text}`, async (t) => {
    const [result] = await eslint.lintText(text, { filePath: path.join(repository, where) })
    const found = result?.messages.map((each) => each.message) ?? []
    t.ok(
      found.some((each) => message.test(each)),
      `refused: ${found.join('; ')}`,
    )
  })
