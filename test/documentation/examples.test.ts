/** The examples of docs/: each `bash` block is run, each `ts` block is type-checked, each command line is one that model-sync reads. */
import { execFile } from 'node:child_process'
import { randomBytes } from 'node:crypto'
import { readdirSync, readFileSync } from 'node:fs'
import path from 'node:path'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'
import t from 'tap'
import ts from 'typescript'
import { COMMANDS, DEFAULT_COMMAND } from '../../src/cli/commands.js'
import { findCommand, readArguments } from '../../src/cli/line/arguments.js'
import { ROOT } from '../support/root.js'
import { startBackend } from './running-backend.js'

const exec = promisify(execFile)
const folder = fileURLToPath(ROOT)
const PAGES = [
  'README.md',
  ...(readdirSync(new URL('docs/', ROOT), { recursive: true }) as string[]).map((name) => `docs/${name}`),
]
  .map((name) => name.replaceAll('\\', '/'))
  .filter((name) => name.endsWith('.md'))

interface Block {
  page: string
  language: string
  code: string
}

const blocks = PAGES.flatMap((page): Block[] =>
  [...readFileSync(new URL(page, ROOT), 'utf8').matchAll(/^```(\w+)\n(.*?)^```$/gms)].map(
    ([, language = '', code = '']) => ({ page, language, code }),
  ),
)
const of = (language: string): Block[] => blocks.filter((block) => block.language === language)

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

t.test('each ts block compiles, with the types that a host gets', async (t) => {
  const examples = new Map(
    of('ts').map(({ page, code }, index) => [path.join(folder, 'test', `example-${index}.ts`), { page, code }]),
  )
  t.ok(examples.size > 8, `${examples.size} blocks`)
  const options: ts.CompilerOptions = {
    ...{
      target: ts.ScriptTarget.ES2023,
      module: ts.ModuleKind.NodeNext,
      moduleResolution: ts.ModuleResolutionKind.NodeNext,
    },
    ...{ strict: true, noEmit: true, skipLibCheck: true, types: ['node'], lib: ['lib.es2023.d.ts', 'lib.dom.d.ts'] },
    paths: {
      'fastify-model-sync': [path.join(folder, 'src/index.ts')],
      'fastify-model-sync/direct': [path.join(folder, 'src/direct.ts')],
      'fastify-model-sync/client': [path.join(folder, 'src/client/index.ts')],
    },
  }
  const host = ts.createCompilerHost(options)
  const { getSourceFile, fileExists } = host
  host.fileExists = (file) => examples.has(path.normalize(file)) || fileExists(file)
  host.getSourceFile = (file, ...rest) => {
    const example = examples.get(path.normalize(file))
    return example === undefined
      ? getSourceFile(file, ...rest)
      : ts.createSourceFile(file, moduleOf(example.code), ts.ScriptTarget.ES2023, true)
  }
  const program = ts.createProgram([...examples.keys()], options, host)
  for (const [file, { page, code }] of examples) {
    const source = program.getSourceFile(file)
    const found = [...program.getSyntacticDiagnostics(source), ...program.getSemanticDiagnostics(source)]
    const said = found.map(({ messageText }) => ts.flattenDiagnosticMessageText(messageText, '\n'))
    t.strictSame(said, [], `${page}: ${code.split('\n').find((line) => /^(?!import|\/\/|$)/.test(line))}`)
  }
})

t.test('each line with model-sync is a command with options that there are', async (t) => {
  const lines = blocks
    .filter(({ language }) => ['sh', 'bash', 'cron'].includes(language))
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

/** As a module of its own, also where it imports nothing. */
const moduleOf = (code: string): string => (/^(?:import|export)\b/m.test(code) ? code : `${code}\nexport {}\n`)
