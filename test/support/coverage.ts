/** What of `src` the tests have run, by V8's own counts: processes that end by themselves write them where `NODE_V8_COVERAGE` says. */
import { execFile } from 'node:child_process'
import { readFile, rm } from 'node:fs/promises'
import { createRequire } from 'node:module'
import path from 'node:path'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'
import { ROOT } from './root.js'

const FOLDER = fileURLToPath(new URL('.cache/coverage', ROOT))
const COUNTS = path.join(FOLDER, 'counts')
const C8 = path.join(path.dirname(createRequire(import.meta.url).resolve('c8/package.json')), 'bin/c8.js')

/** Forgets what was counted before. @returns variables for the processes to count in */
export async function startCoverage(): Promise<NodeJS.ProcessEnv> {
  await rm(FOLDER, { recursive: true, force: true })
  return { NODE_V8_COVERAGE: COUNTS }
}

/** Writes a page for each file into `.cache/coverage`. @returns the figures in one line; files that no test loads are not in them */
export async function reportCoverage(): Promise<string> {
  const reporters = ['--reporter=json-summary', '--reporter=html']
  const options = [`--temp-directory=${COUNTS}`, `--reports-dir=${FOLDER}`, '--include=src/**', '--exclude-after-remap']
  await promisify(execFile)(process.execPath, [C8, 'report', ...reporters, ...options], { cwd: fileURLToPath(ROOT) })
  const { total } = JSON.parse(await readFile(path.join(FOLDER, 'coverage-summary.json'), 'utf8')) as {
    total: Record<'lines' | 'branches', { pct: number }>
  }
  return `Coverage of src/: ${total.lines.pct} % of lines, ${total.branches.pct} % of branches`
}
