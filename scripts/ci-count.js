/**
 * Counts the tests in the TAP files that tap has saved: `node scripts/ci-count.js <folder>` prints `<passed> <failed> <skipped>`.
 * A test is a `t.test` without tests of its own; a file without any counts as one, and so does a file that broke before its first.
 */
import { readdirSync, readFileSync } from 'node:fs'
import path from 'node:path'
import { Parser } from 'tap-parser'

/** @typedef {{ passed: number, failed: number, skipped: number }} Count */

const folder = process.argv[2]
if (folder === undefined) throw new Error('Usage: node scripts/ci-count.js <folder with TAP files>')

/** @type {Count} */
const total = { passed: 0, failed: 0, skipped: 0 }
for (const file of readdirSync(folder, { recursive: true, encoding: 'utf8' }).filter((name) => name.endsWith('.tap'))) {
  const text = readFileSync(path.join(folder, file), 'utf8')
  // A test file that throws while it loads leaves an empty file behind.
  if (text.trim() === '') total.failed++
  else add(total, count(Parser.parse(text)))
}
console.log(`${total.passed} ${total.failed} ${total.skipped}`)

/** @param {import('tap-parser').EventLog} events @returns {Count} */
function count(events) {
  /** @type {Count} */
  const counted = { passed: 0, failed: 0, skipped: 0 }
  let isGroup = false
  let asserts = 0
  let skips = 0
  let ok = true
  for (const event of events) {
    if (event[0] === 'child') {
      isGroup = true
      add(counted, count(event[1]))
    } else if (event[0] === 'assert' && !event[1].closingTestPoint) {
      asserts++
      if (event[1].skip) skips++
    } else if (event[0] === 'complete') {
      ok = event[1].ok
      // With a reason; a property of fast-check asserts nothing of its own, and has an empty plan too.
      if (event[1].plan.skipAll && event[1].plan.comment !== '') skips++
    }
  }
  // A group that fails although none of its tests did: a wrong plan, an assertion beside the tests, an end before its time.
  if (isGroup)
    return { ...counted, failed: counted.failed + (ok || counted.failed > 0 ? 0 : 1), skipped: counted.skipped + skips }
  if (!ok) return { passed: 0, failed: 1, skipped: 0 }
  return skips > 0 && skips >= asserts ? { passed: 0, failed: 0, skipped: 1 } : { passed: 1, failed: 0, skipped: 0 }
}

/** @param {Count} to @param {Count} what */
function add(to, what) {
  to.passed += what.passed
  to.failed += what.failed
  to.skipped += what.skipped
}
