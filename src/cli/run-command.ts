/** Runs one command from the arguments to the exit code. */
import type { Command, Context } from './line/command.js'
import { COMMANDS, DEFAULT_COMMAND } from './commands.js'
import { findCommand, readArguments, type ReadArguments } from './line/arguments.js'
import type { Backend } from './backend/backend.js'
import { closest } from '../core/input/closest.js'
import { confirm } from './line/confirm.js'
import { describeAll, describeCommand } from './line/help.js'
import { listenForInterruption } from './line/interruption.js'
import { Output } from './output/output.js'
import { Progress } from './output/progress.js'
import { plain } from './output/plain.js'
import { EXIT, UsageError } from './line/usage-error.js'
import { VERSION } from '../version.js'

/** What a caller can put right in the command line itself. */
const USAGE_CODES = ['UNKNOWN_PROVIDER', 'PLAN_HASH', 'CURSOR', 'VALIDATION'].map((code) => `FST_MODEL_SYNC_${code}`)

export interface Streams {
  stdin: NodeJS.ReadStream
  stdout: NodeJS.WriteStream
  stderr: NodeJS.WriteStream
}

/** Throws nothing. @returns the exit code, when everything is closed */
export async function runCommandLine(argv: readonly string[], { stdin, stdout, stderr }: Streams): Promise<number> {
  const output = new Output(stdout)
  const errors = new Output(stderr)
  try {
    const { name, rest } = findCommand(argv)
    if (argv.length === 1 && argv[0] === '--version') {
      await output.line(VERSION)
      return EXIT.ok
    }
    if (name === 'help' || (name === null && rest.some((argument) => argument === '--help' || argument === '-h'))) {
      await output.line(
        rest[0] === undefined || name === null ? describeAll(COMMANDS) : describeCommand(findByName(rest[0])),
      )
      return EXIT.ok
    }
    const read = readArguments(name === null ? DEFAULT_COMMAND : findByName(name), rest)
    if (read.values['help'] === true) {
      await output.line(describeCommand(read.command))
      return EXIT.ok
    }
    return await run(read, output, errors, { stdin, stderr })
  } catch (error) {
    return tell(error as Error, errors)
  }
}

async function run(
  { command, values, positionals }: ReadArguments,
  output: Output,
  errors: Output,
  { stdin, stderr }: Pick<Streams, 'stdin' | 'stderr'>,
): Promise<number> {
  const verbose = values['verbose'] === true
  const json = values['json'] === true
  const progress = new Progress(stderr, errors.paint.bind(errors), json && !verbose)
  const interruption = listenForInterruption((line) => progress.line(line))
  const opened: Backend[] = []
  const url = text(values['url'])
  const token = text(values['token'])
  const tokenFile = text(values['token-file'])
  if (token !== undefined && tokenFile !== undefined)
    throw new UsageError('--token and --token-file are both given; expected one of them', command.name)
  const backend = async (named?: readonly string[]): Promise<Backend> => {
    // Loaded when it is needed: help should not wait for it.
    const { openBackend } = await import('./backend/open-backend.js')
    const write = (line: string): void => progress.line(line)
    const opening = openBackend({ url, token, tokenFile }, { verbose, write }, named)
    const found = await beforeInterruption(opening, interruption.signal)
    opened.push(found)
    return found
  }
  const connection = url === undefined ? '' : ` --url ${url}`
  const context: Context = {
    values: values as Context['values'],
    positionals,
    output,
    progress,
    signal: interruption.signal,
    json,
    verbose,
    connection,
    confirm: (question) => confirm(question, { stdin, stderr, signal: interruption.signal }),
    backend,
  }
  let code: number
  try {
    code = await command.run(context)
  } catch (error) {
    progress.done()
    // What was interrupted need not explain itself once more.
    code = interruption.exitCode ?? (await tell(error as Error, errors, command))
  } finally {
    progress.done()
    for (const one of opened) await one.close()
    interruption.dispose()
  }
  return interruption.exitCode ?? code
}

/** A database that says nothing must not keep the person who interrupts; what opens later all the same is closed. */
async function beforeInterruption(opening: Promise<Backend>, signal: AbortSignal): Promise<Backend> {
  const interrupted = new Promise<never>((_resolve, reject) => {
    signal.addEventListener('abort', () => reject(signal.reason as Error), { once: true })
  })
  interrupted.catch(() => undefined)
  const found = await Promise.race([opening, interrupted]).catch((error: unknown) => {
    void opening.then((late) => late.close()).catch(() => undefined)
    throw error
  })
  if (!signal.aborted) return found
  await found.close()
  throw signal.reason
}

/** The reason on stderr; its exit code. */
async function tell(error: Error & { code?: unknown }, errors: Output, command?: Command): Promise<number> {
  const isUsage = error instanceof UsageError || (typeof error.code === 'string' && USAGE_CODES.includes(error.code))
  await errors.line(`${errors.paint('red', 'model-sync:')} ${error.message.split('\n').map(plain).join('\n')}`)
  if (!isUsage) return EXIT.failed
  const name = (error instanceof UsageError ? error.command : null) ?? command?.name ?? null
  await errors.line(`model-sync ${name === null ? '' : `${name} `}--help says what there is.`)
  return EXIT.usage
}

function findByName(name: string): Command {
  const found = COMMANDS.find((command) => command.name === name)
  if (found !== undefined) return found
  const names = COMMANDS.map((command) => command.name)
  const near = closest(name, names)
  throw new UsageError(
    `There is no command "${name}"; ${near === null ? `expected one of ${names.join(', ')}` : `did you mean ${near}?`}`,
  )
}

function text(value: string | boolean | string[] | undefined): string | undefined {
  return typeof value === 'string' ? value : undefined
}
