/** The examples of docs/: each `bash` block is run, each command line is one that model-sync reads. `test/slow/documented-types.test.ts` has the `ts` blocks. */
import { execFile } from 'node:child_process'
import { randomBytes } from 'node:crypto'
import { readFileSync } from 'node:fs'
import path from 'node:path'
import { promisify } from 'node:util'
import t from 'tap'
import { COMMANDS, DEFAULT_COMMAND } from '../../src/cli/commands.js'
import { findCommand, readArguments } from '../../src/cli/line/arguments.js'
import { EXAMPLES, type Example } from '../support/documented.js'
import { startBackend } from './running-backend.js'

const exec = promisify(execFile)
const of = (language: string): Example[] => EXAMPLES.filter((example) => example.language === language)

t.test(
  'each bash block runs against a server, as it stands there',
  { skip: process.platform === 'win32' },
  async (t) => {
    const secrets = { cronSecret: randomBytes(16).toString('hex'), webhookSecret: randomBytes(32).toString('base64') }
    const backend = await startBackend(t, secrets)
    await backend.app.modelSync.syncModels()
    const env = {
      PATH: process.env.PATH,
      TOKEN: readFileSync(path.join(backend.folder, 'data/admin-token'), 'utf8').trim(),
      CRON_SECRET: secrets.cronSecret,
      MODEL_SYNC_WEBHOOK_SECRET: secrets.webhookSecret,
    }
    t.ok(of('bash').length > 8, `${of('bash').length} blocks`)
    for (const { page, code } of of('bash')) {
      const script = `set -euo pipefail\ncurl() { command curl --silent --show-error --fail-with-body "$@"; }\n${code.replaceAll('localhost:8081', new URL(backend.url).host)}`
      const ran = await exec('bash', ['-c', script], { cwd: backend.folder, env }).catch(
        (error: Error & { stdout: string }) => error,
      )
      t.notOk(
        ran instanceof Error,
        `${page}: ${code.split('\n', 1)[0]}`,
        ran instanceof Error ? { said: `${ran.message} ${ran.stdout}` } : {},
      )
    }
  },
)

t.test('each line with model-sync is a command with options that there are', async (t) => {
  const lines = EXAMPLES.filter(({ language }) => ['sh', 'bash', 'cron'].includes(language))
    .flatMap(({ page, code }) => code.split('\n').map((line) => ({ page, line })))
    .flatMap(({ page, line }) => {
      const [, words] = /(?:^|&& )(?:npx )?model-sync\b(?: ([^>|#]*))?/.exec(line) ?? []
      return /(?:^|&& )(?:npx )?model-sync\b(?!:)/.test(line) && !/^\w+:/.test(line)
        ? [{ page, line, words: words ?? '' }]
        : []
    })
  t.ok(lines.length > 20, `${lines.length} lines`)
  for (const { page, line, words } of lines) {
    const argv = [...words.matchAll(/"([^"]*)"|(\S+)/g)].map(([, quoted, plain]) => quoted ?? plain ?? '')
    const { name, rest } = findCommand(argv)
    const command = name === null ? DEFAULT_COMMAND : COMMANDS.find((one) => one.name === name)
    if (command === undefined) t.fail(`${page}: ${line}: there is no such command`)
    else t.doesNotThrow(() => readArguments(command, rest), `${page}: ${line}`)
  }
})
