/** docs/guide/scheduling.md: what of its recipes can be run is run, as it stands there. */
import { execFile } from 'node:child_process'
import { chmod, mkdir, readFile, writeFile } from 'node:fs/promises'
import path from 'node:path'
import { promisify } from 'node:util'
import t, { type Test } from 'tap'
import { CLI_ARGUMENTS, folder, type Env } from '../cli/support.js'
import { createPostgresDatabase, needsPostgres } from '../support/databases.js'
import { modelRow, startLoopbackLiteLLM } from '../support/loopback-litellm.js'
import { program } from '../support/program.js'
import { ROOT } from '../support/root.js'

needsPostgres()

const exec = promisify(execFile)
const document = await readFile(new URL('docs/guide/scheduling.md', ROOT), 'utf8')
const litellm = await startLoopbackLiteLLM({ models: [modelRow({ model_name: 'a' }), modelRow({ model_name: 'b' })] })
t.teardown(() => litellm.close())

/** The blocks of a section, in their order. */
function blocksOf(heading: string): string[] {
  const [, section = ''] = document.split(`\n## ${heading}\n`)
  return [...(section.split('\n## ')[0] ?? '').matchAll(/```\w+\n(.*?)```/gs)].map(([, block = '']) => block)
}

async function settings(t: Test): Promise<Env> {
  const { url } = await createPostgresDatabase(t)
  return {
    DATABASE_URL: url!,
    LITELLM_API_URL: litellm.url,
    LITELLM_API_KEY: litellm.key,
    MODEL_SYNC_PROVIDERS: 'litellm',
    MODEL_SYNC_PRICE_BOOK: 'false',
  }
}

/** As /srv/models is after `npm install`. */
async function installed(t: Test, files: Record<string, string> = {}): Promise<string> {
  const directory = await folder(t)
  const command = path.join(directory, 'node_modules/.bin/model-sync')
  await mkdir(path.dirname(command), { recursive: true })
  const node = [process.execPath, ...CLI_ARGUMENTS].map((word) => `'${word}'`).join(' ')
  await writeFile(command, `#!/bin/sh\nexec ${node} "$@"\n`)
  await chmod(command, 0o755)
  for (const [name, content] of Object.entries({ 'package.json': '{"private":true}', ...files }))
    await writeFile(path.join(directory, name), content)
  return directory
}

/** Nothing but what cron sets; where this machine's node is comes last. */
function bare(home: string, given = '/usr/bin:/bin'): Env {
  return { PATH: `${given}:${path.dirname(process.execPath)}`, HOME: home, SHELL: '/bin/sh' }
}

t.test('cron', async (t) => {
  const [block = ''] = blocksOf('cron')
  const given = /^PATH=(.+)$/m.exec(block)?.[1]
  const lines = block.split('\n').filter((line) => /^[\d*]/.test(line))
  t.equal(lines.length, 2)
  const file = Object.entries(await settings(t)).map(([name, value]) => `${name}=${value}\n`)
  const directory = await installed(t, { '.env': file.join('') })
  const log = path.join(directory, 'model-sync.log')
  for (const line of lines) {
    const [, command = ''] = /^(?:\S+ +){5}(.*)$/.exec(line) ?? []
    const here = command
      .replace('/srv/models', directory)
      .replace('/var/log/model-sync.log', log)
      .replace('openrouter deepinfra', 'litellm')
    await exec('/bin/sh', ['-c', here], { cwd: '/', env: bare(directory, given) })
  }
  t.match(await readFile(log, 'utf8'), /2 new\..*2 unchanged\./s, 'each of them has synced')
})

t.test('EC2: the settings come from the Parameter Store', async (t) => {
  const [script = ''] = blocksOf('EC2')
  const parameters = Object.entries(await settings(t)).map(([name, value]) => `/models/${name}\t${value}\n`)
  const directory = await installed(t, { 'sync.sh': script, parameters: parameters.join('') })
  // What `aws ssm get-parameters-by-path … --output text` prints.
  const aws = path.join(directory, 'aws')
  await writeFile(aws, `#!/bin/sh\ncat '${directory}/parameters'\n`)
  await chmod(aws, 0o755)
  const { stdout } = await exec('/bin/sh', ['sync.sh', '--json'], {
    cwd: directory,
    env: bare(directory, `${directory}:/usr/bin:/bin`),
  })
  t.match(JSON.parse(stdout), { success: true, newModels: 2 })
})

t.test('Lambda: the handler', async (t) => {
  const [handler = ''] = blocksOf('Lambda')
  const plugin = program(new URL('../../src/index.js', import.meta.url))
  const module = handler
    .replace("'fastify'", JSON.stringify(import.meta.resolve('fastify')))
    .replace("'fastify-model-sync'", JSON.stringify(plugin.file))
  const call = `${module}\nconsole.log(JSON.stringify(await handler(JSON.parse(process.argv[2]))))\n`
  const directory = await installed(t, { 'index.mjs': call })
  const env = { ...bare(directory), ...(await settings(t)) }
  const invoke = (event: object) =>
    exec(process.execPath, [...plugin.execArgv, 'index.mjs', JSON.stringify(event)], { cwd: directory, env })
  const first = (await invoke({})).stdout.trim().split('\n').at(-1)
  t.strictSame(JSON.parse(first ?? ''), { totalModels: 2, newModels: 2 })
  litellm.setFault('/model/info', { kind: 'status', status: 401 })
  litellm.setFault('/v1/models', { kind: 'status', status: 401 })
  await t.rejects(invoke({ providers: ['litellm'] }), /litellm: /, 'a failure is one for Lambda, too')
})

t.test('ECS: the task definition and the target of the schedule', async (t) => {
  const [, task = '', schedule = ''] = blocksOf('ECS')
  const { family } = JSON.parse(task) as { family: string }
  const [, target = ''] = /--target '(.*)'/s.exec(schedule) ?? []
  t.match(JSON.parse(target), { EcsParameters: { TaskDefinitionArn: new RegExp(`task-definition/${family}$`) } })
})
