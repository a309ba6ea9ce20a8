/** Installs the pinned LiteLLM into a virtual environment under `.cache/`, once for each machine and version. */
import { execFile } from 'node:child_process'
import { mkdir, readFile, rm, writeFile } from 'node:fs/promises'
import path from 'node:path'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'
import { ROOT } from '../../support/root.js'

const run = promisify(execFile)
const here = fileURLToPath(new URL('.', import.meta.url))
const requirements = path.join(here, 'requirements.txt')
const directory = fileURLToPath(new URL('.cache/litellm', ROOT))
const site = path.join(directory, 'site')
// Written last, with what was installed: an installation that was cut short, or of another version, is made anew.
const stamp = path.join(directory, 'installed.json')

// Some 750 MB and 300 wheels; two minutes on two cores with a near registry.
const INSTALL_TIMEOUT_MS = 600_000
// What LiteLLM's own metadata asks for, newest first where a machine has several.
const PYTHONS = ['python3.13', 'python3.12', 'python3.11', 'python3.10', 'python3']

/** How to run Python with LiteLLM: the interpreter, and the folder with the packages when they are not the interpreter's own. */
export interface Installation {
  python: string
  pythonPath: string | null
}

/**
 * @param log is told what happens; it may take minutes
 * @returns the installation; a text that says why there is none (no Python, no registry). Throws nothing.
 */
export async function installLiteLlm(log: (line: string) => void): Promise<Installation | string> {
  const wanted = (await readFile(requirements, 'utf8')).trim()
  const name = /^litellm\S*/m.exec(wanted)?.[0] ?? 'LiteLLM'
  const present = await readFile(stamp, 'utf8').then(
    (text) => JSON.parse(text) as Installation & { requirements: string },
    () => null,
  )
  if (present?.requirements === wanted && (await works(present))) return present

  const python = await findPython()
  if (python === null) return `no Python from 3.10 on found (tried ${PYTHONS.join(', ')})`
  try {
    await rm(directory, { recursive: true, force: true })
    await mkdir(directory, { recursive: true })
    log(`installing ${name} with ${python}, which takes about two minutes`)
    const installation = await install(python)
    if (!(await works(installation))) return `${name} was installed, but cannot be imported`
    await writeFile(stamp, JSON.stringify({ ...installation, requirements: wanted }))
    return installation
  } catch (error) {
    return `${name} could not be installed: ${lastLines(error)}`
  }
}

async function install(python: string): Promise<Installation> {
  const pip = [
    '-m',
    'pip',
    'install',
    '--quiet',
    '--disable-pip-version-check',
    '--no-input',
    '--no-color',
    '-r',
    requirements,
  ]
  const options = { timeout: INSTALL_TIMEOUT_MS, maxBuffer: 64 * 2 ** 20 }
  // Debian's Python comes without ensurepip unless python3-venv is there; virtualenv or a plain folder do as well.
  for (const module of ['venv', 'virtualenv']) {
    const made = await run(python, ['-m', module, path.join(directory, 'venv')], options).then(
      () => true,
      () => false,
    )
    if (!made) continue
    const own = path.join(directory, 'venv', process.platform === 'win32' ? 'Scripts/python.exe' : 'bin/python')
    await run(own, pip, options)
    return { python: own, pythonPath: null }
  }
  await run(python, [...pip, '--target', site], options)
  return { python, pythonPath: site }
}

async function works({ python, pythonPath }: Installation): Promise<boolean> {
  // Looked up, not imported: importing takes four seconds.
  const check = 'import importlib.util as u, sys; sys.exit(not (u.find_spec("litellm") and u.find_spec("uvicorn")))'
  return run(python, ['-c', check], { env: pythonEnvironment(pythonPath) }).then(
    () => true,
    () => false,
  )
}

/** The environment for such a Python: the machine's own, with the packages' folder. */
export function pythonEnvironment(pythonPath: string | null): NodeJS.ProcessEnv {
  return pythonPath === null ? process.env : { ...process.env, PYTHONPATH: pythonPath }
}

async function findPython(): Promise<string | null> {
  for (const name of PYTHONS) {
    const check = 'import sys; sys.exit(sys.version_info < (3, 10))'
    const found = await run(name, ['-c', check]).then(
      () => true,
      () => false,
    )
    if (found) return name
  }
  return null
}

function lastLines(error: unknown): string {
  const { stderr = '', message } = error as { stderr?: string; message: string }
  const lines = (stderr.trim() === '' ? message : stderr).split('\n').filter((line) => line.trim() !== '')
  return lines.slice(-3).join(' / ')
}
