/** The command line: as a process of its own, or, since that takes seconds, everything behind its entry in this one. */
import { spawn, type ChildProcessByStdio } from 'node:child_process'
import { once } from 'node:events'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import path from 'node:path'
import type { Readable } from 'node:stream'
import type { Test } from 'tap'
import { runCommandLine } from '../../src/cli/run-command.js'
import { program } from '../support/program.js'

const CLI = program(new URL('../../src/cli.js', import.meta.url))
/** What `node` is called with to be the command line. */
export const CLI_ARGUMENTS: readonly string[] = [...CLI.execArgv, CLI.file]

export interface Ended {
  code: number | null
  stdout: string
  stderr: string
  /** Of stdout as JSON. @throws when it is none */
  json<T = Record<string, unknown>>(): T
}

export interface Running {
  child: ChildProcessByStdio<null, Readable, Readable>
  ended: Promise<Ended>
}

export type Env = Record<string, string>

/** A folder without `.env`; removed at the end of the test. */
export async function folder(t: Pick<Test, 'teardown'>): Promise<string> {
  const created = await mkdtemp(path.join(tmpdir(), 'model-sync-cli-'))
  t.teardown(() => rm(created, { recursive: true, force: true }))
  return created
}

/** Nothing of this process's environment that says something to the command line; `env` does. */
export function start(args: readonly string[], { cwd, env }: { cwd: string; env: Env }): Running {
  const inherited = Object.fromEntries(
    ['PATH', 'HOME', 'TMPDIR'].flatMap((name) => (process.env[name] === undefined ? [] : [[name, process.env[name]]])),
  ) as Env
  const child = spawn(process.execPath, [...CLI_ARGUMENTS, ...args], {
    cwd,
    env: { ...inherited, ...env },
    stdio: ['ignore', 'pipe', 'pipe'],
  })
  let stdout = ''
  let stderr = ''
  child.stdout.setEncoding('utf8').on('data', (text: string) => (stdout += text))
  child.stderr.setEncoding('utf8').on('data', (text: string) => (stderr += text))
  const ended = once(child, 'close').then(([code]: unknown[]) => endedWith(code as number | null, stdout, stderr))
  return { child, ended }
}

const noTerminal = { isTTY: false } as NodeJS.ReadStream
let turn: Promise<unknown> = Promise.resolve()

/** The same command line in this process; one after the other, since its environment is this process's meanwhile. */
export function run(args: readonly string[], env: Env): Promise<Ended> {
  const ended = turn.then(() => runHere(args, env))
  turn = ended.catch(() => undefined)
  return ended
}

async function runHere(args: readonly string[], env: Env): Promise<Ended> {
  const [stdout, stderr] = [fakeTerminal(null), fakeTerminal(null)]
  const before = { ...process.env }
  Object.assign(process.env, env)
  try {
    return endedWith(await runCommandLine(args, { stdin: noTerminal, stdout, stderr }), stdout.text(), stderr.text())
  } finally {
    for (const name of Object.keys(env)) delete process.env[name]
    Object.assign(process.env, before)
  }
}

function endedWith(code: number | null, stdout: string, stderr: string): Ended {
  return { code, stdout, stderr, json: <T>() => JSON.parse(stdout) as T }
}

/** A stream of a terminal that keeps what is written to it. */
export function fakeTerminal(size: { rows: number; columns: number } | null): NodeJS.WriteStream & { text(): string } {
  let written = ''
  return {
    isTTY: size !== null,
    ...size,
    on: () => undefined,
    write: (text: string) => {
      written += text
      return true
    },
    text: () => written,
  } as unknown as NodeJS.WriteStream & { text(): string }
}
