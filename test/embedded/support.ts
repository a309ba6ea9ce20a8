/** What the tests of the embedded database share: data directories, a second process, a log that is kept. */
import { fork, type ChildProcess } from 'node:child_process'
import { once } from 'node:events'
import { mkdir, mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { setTimeout as delay } from 'node:timers/promises'
import type { Test } from 'tap'
import { copyPgliteCluster } from '../support/pglite-databases.js'
import { program } from '../support/program.js'

export async function temporaryDirectory(t: Test): Promise<string> {
  const directory = await mkdtemp(path.join(tmpdir(), 'model-sync-embedded-'))
  t.teardown(() => rm(directory, { recursive: true, force: true }))
  return directory
}

/** One with an empty cluster in it. */
export async function dataDirectory(t: Test): Promise<string> {
  const dataDir = path.join(await temporaryDirectory(t), 'data')
  await mkdir(dataDir)
  await copyPgliteCluster(dataDir)
  return dataDir
}

export interface Answer {
  holds: boolean
  code?: string
  message?: string
}

/** Starts test/embedded/holder.ts in a process of its own; it is killed at the end of the test. */
export async function startHolder(
  t: Test,
  what: 'lock' | 'database',
  dataDir: string,
): Promise<{ child: ChildProcess; answer: Answer }> {
  const { file, execArgv } = program(new URL('./holder.js', import.meta.url))
  const child = fork(file, [what, dataDir], {
    execArgv,
    env: { ...process.env, NODE_OPTIONS: '' },
  })
  const exited = once(child, 'exit')
  t.teardown(async () => {
    child.kill('SIGKILL')
    await exited
  })
  const [answer] = (await Promise.race([once(child, 'message'), exited.then(() => [null])])) as [Answer | null]
  if (answer === null) throw new Error('the second process ended without an answer')
  return { child, answer }
}

export async function kill(child: ChildProcess): Promise<void> {
  const exited = once(child, 'exit')
  child.kill('SIGKILL')
  await exited
}

export interface Line {
  level: 'info' | 'warn' | 'error'
  details: Record<string, unknown>
  message: string
}

export function keptLog() {
  const lines: Line[] = []
  const at = (level: Line['level']) => (details: object, message: string) => {
    lines.push({ level, details: { ...details }, message })
  }
  const says = (message: RegExp) => lines.some((line) => message.test(line.message))
  /** Throws after 60 s. */
  const waitFor = async (message: string) => {
    for (let waited = 0; !lines.some((line) => line.message === message); waited += 50) {
      if (waited > 60_000) throw new Error(`The log never said: ${message}`)
      await delay(50)
    }
  }
  return { lines, says, waitFor, info: at('info'), warn: at('warn'), error: at('error') }
}

/** The result, or `'waits'` when there is none after so many ms. */
export async function within<T>(ms: number, promise: Promise<T>): Promise<T | 'waits'> {
  let timer: NodeJS.Timeout | undefined
  const late = new Promise<'waits'>((resolve) => (timer = setTimeout(() => resolve('waits'), ms)))
  return Promise.race([promise, late]).finally(() => clearTimeout(timer))
}
