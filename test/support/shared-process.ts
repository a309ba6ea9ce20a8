/** Lets test files share a process: what each asks of tap's `t` goes to a test of its own. @see test-queue.ts */
import { closeSync, openSync } from 'node:fs'
import path from 'node:path'
import { pathToFileURL } from 'node:url'
import type { Test } from 'tap'

/** Thrown at the top level of a test file that ends there. */
const FILE_ENDS = Symbol('the file ends here')
// What tap keeps for its caller to stop, at the latest; the tests of a file have stopped by themselves before.
const TIMEOUT_MARGIN_MS = 10_000

let processTest: Test | null = null
let fileTest: Test | null = null

/** @returns tap's `t` for test files: the process's own, or while `runFiles` runs a file, that file's */
export function shareTap(tap: Test): Test {
  processTest = tap
  const setBoth = (ms: number) => {
    fileTest?.setTimeout(ms)
    tap.setTimeout(ms + TIMEOUT_MARGIN_MS)
  }
  return new Proxy(tap, {
    get(_, name) {
      const test = fileTest ?? tap
      const value: unknown = Reflect.get(test, name)
      if (typeof value !== 'function') return value
      if (name === 'setTimeout' && test !== tap) return setBoth
      // No function of ours, which would stand in the stack traces as the place of the test.
      return value.bind(test) as unknown
    },
  })
}

/**
 * Runs the files, given from the working directory, one after another, each in a test of its name.
 * @param taken a folder for the processes that share the files: whoever begins one leaves its number there, and the others pass it over
 */
export async function runFiles(files: readonly string[], taken: string): Promise<void> {
  const tap = ofProcess()
  const timeout = Number(process.env.TAP_TIMEOUT ?? '30') * 1000
  for (const [place, file] of files.entries()) {
    // Nothing is waited for between this and the test: a process that ends early ends in a test, which then has failed.
    if (!takes(path.join(taken, String(place)))) continue
    tap.setTimeout(timeout + TIMEOUT_MARGIN_MS)
    const begun = performance.now()
    await tap.test(file, { timeout, at: null }, async (t) => {
      fileTest = t
      await import(pathToFileURL(path.resolve(file)).href).catch((error: unknown) => {
        if (error !== FILE_ENDS) throw error
      })
      // As tap does for a file of its own process. What waits for a hook stands in the queue.
      if (t.count === 0 && t.activeSubtests.size === 0 && !t.queue.some(isTest)) t.fail('no tests found', { at: null })
    })
    // tap shows what a process says when it has ended, with all of its files.
    console.error(
      `${fileTest?.passing() === true ? 'ok' : 'NOT OK'} ${file} ${Math.round(performance.now() - begun)} ms`,
    )
    fileTest = null
  }
  if (tap.count === 0) tap.plan(0, 'the other processes have taken all files')
  else tap.end()
}

/** Whether this process is the first to ask. */
function takes(name: string): boolean {
  try {
    closeSync(openSync(name, 'wx'))
    return true
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'EEXIST') return false
    throw error
  }
}

/** Skips the test file whose top level calls this, with the reason. */
export function skipFile(reason: string): never {
  const test = fileTest ?? ofProcess()
  test.plan(0, reason)
  if (fileTest === null) process.exit(0)
  throw FILE_ENDS
}

/** Whether further test files may run in this process. */
export function sharesProcess(): boolean {
  return fileTest !== null
}

/** `teardown` when the last test file of this process has ended. */
export function afterLastFile(work: () => Promise<unknown>): void {
  ofProcess().teardown(work)
}

function ofProcess(): Test {
  if (processTest === null) throw new Error('No test file has imported tap')
  return processTest
}

/** Of what waits in tap's queue. */
function isTest(entry: unknown): boolean {
  return typeof entry === 'object' && entry !== null && 'queue' in entry
}
