/** `npm run check`: its parts two at a time, each told whole when it ends; fails when one of them does. */
import { spawn } from 'node:child_process'
import { fileURLToPath } from 'node:url'

const root = fileURLToPath(new URL('..', import.meta.url))
// The longest first.
const waiting = [
  'check:lint',
  'check:types',
  'check:cycles',
  'check:dead',
  'check:format',
  'docs:check',
  'check:options',
  'check:page-size',
  'check:licenses',
]

async function work() {
  for (let part = waiting.shift(); part !== undefined; part = waiting.shift()) await check(part)
}

/** @param {string} part @returns {Promise<void>} */
function check(part) {
  const startedAt = Date.now()
  const child = spawn('npm', ['run', '--silent', part], { cwd: root, shell: process.platform === 'win32' })
  let printed = ''
  for (const stream of [child.stdout, child.stderr])
    stream.setEncoding('utf8').on('data', (/** @type {string} */ text) => (printed += text))
  return new Promise((resolve, reject) => {
    child.once('error', reject)
    child.once('close', (code) => {
      const seconds = Math.round((Date.now() - startedAt) / 1000)
      console.log(`${code === 0 ? 'ok' : 'FAILED'}  ${part}, ${seconds} s`)
      if (code !== 0) {
        console.log(printed.trimEnd())
        process.exitCode = 1
      }
      resolve()
    })
  })
}

await Promise.all([work(), work()])
