/** Installs the pinned schemathesis into a virtual environment under `.cache/`, once for each machine and version. */
import { execFile } from 'node:child_process'
import { access, mkdir, rm } from 'node:fs/promises'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'
import { ROOT } from '../../support/root.js'

const run = promisify(execFile)
const VERSION = '4.32.5'
const directory = fileURLToPath(new URL(`.cache/schemathesis-${VERSION}`, ROOT))
const program = `${directory}/bin/schemathesis`
// Thirty wheels; half a minute with a near registry.
const INSTALL_TIMEOUT_MS = 240_000

/** @returns the program; an error that says why there is none (no Python, no registry). Throws nothing. */
export async function installSchemathesis(): Promise<string | Error> {
  const isThere = await access(program).then(
    () => true,
    () => false,
  )
  if (isThere) return program
  try {
    await mkdir(directory, { recursive: true })
    await run('python3', ['-m', 'venv', directory], { timeout: INSTALL_TIMEOUT_MS })
    const pip = ['-m', 'pip', 'install', '--quiet', '--disable-pip-version-check', '--no-input']
    await run(`${directory}/bin/python`, [...pip, `schemathesis==${VERSION}`], { timeout: INSTALL_TIMEOUT_MS })
    return program
  } catch (error) {
    await rm(directory, { recursive: true, force: true })
    return error as Error
  }
}
