/** Installs the real clients, or what reads their files, under `.cache/`: once for each machine and version. */
import { execFile } from 'node:child_process'
import { mkdir, readFile, rm, writeFile } from 'node:fs/promises'
import path from 'node:path'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'
import { ROOT } from '../../support/root.js'

const run = promisify(execFile)
const directory = fileURLToPath(new URL('.cache/clients', ROOT))
const stamp = path.join(directory, 'installed.json')
// OpenCode and Codex are programs of some 150 MB.
const NPM = [
  'librechat-data-provider@0.8.524',
  '@continuedev/config-yaml@1.42.0',
  'yaml@2.9.1',
  'opencode-ai@1.18.33',
  '@openai/codex@0.171.0',
]
const PYPI = ['llm==0.36']
const TIMEOUT_MS = 300_000

export interface Clients {
  /** Of `package` or `.bin/program`. */
  modules: string
  llm: string
}

/** @returns where they are; a text that says why they are not (no registry, no Python). Throws nothing. */
export async function installClients(log: (line: string) => void): Promise<Clients | string> {
  const wanted = JSON.stringify([...NPM, ...PYPI, process.platform, process.arch])
  const clients = { modules: path.join(directory, 'node_modules'), llm: path.join(directory, 'venv/bin/llm') }
  if ((await readFile(stamp, 'utf8').catch(() => '')) === wanted) return clients
  const options = { cwd: directory, timeout: TIMEOUT_MS, maxBuffer: 64 * 2 ** 20 }
  try {
    log('installing OpenCode, Codex, llm and the schemas of LibreChat and Continue, which takes a minute')
    await rm(directory, { recursive: true, force: true })
    await mkdir(directory, { recursive: true })
    await writeFile(path.join(directory, 'package.json'), '{"private":true}')
    await run('npm', ['install', '--no-audit', '--no-fund', '--loglevel=error', ...NPM], options)
    await run('python3', ['-m', 'venv', 'venv'], options)
    await run('venv/bin/python', ['-m', 'pip', 'install', '--quiet', '--no-input', ...PYPI], options)
    await writeFile(stamp, wanted)
    return clients
  } catch (error) {
    const { stderr = '', message } = error as { stderr?: string; message: string }
    return `they could not be installed: ${(stderr.trim() === '' ? message : stderr).split('\n').slice(-3).join(' / ')}`
  }
}
