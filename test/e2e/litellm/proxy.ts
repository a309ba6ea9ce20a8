/** A real LiteLLM proxy as a child process: started with a config on a loopback port, stopped by its pid. */
import { spawn, type ChildProcess } from 'node:child_process'
import { once } from 'node:events'
import { copyFile, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { createServer, type AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { fileURLToPath } from 'node:url'
import { pythonEnvironment, type Installation } from './install.js'

const here = fileURLToPath(new URL('.', import.meta.url))

export const MASTER_KEY = 'sk-e2e-master-key'
/** May read /v1/models, and gets 403 from /model/info; exists only with `keys: 'restricted'`. */
export const LIST_ONLY_KEY = 'sk-e2e-list-only-key'

// Ten seconds on two idle cores; much more while other suites run.
const START_TIMEOUT_MS = 120_000
const STOP_TIMEOUT_MS = 5_000

/** One config: a file with the models beside this one, and who may ask. */
export interface ProxyConfig {
  /** `models.yaml`, a text of its own, or `null` for a LiteLLM that was started without any config. */
  models: string | { text: string } | null
  /** `master`: LiteLLM's own check of the master key. `restricted`: a hook that knows a second, limited key. */
  keys: 'master' | 'restricted'
}

export class LiteLlmProxy {
  readonly url: string
  #child: ChildProcess | null = null
  #log = ''

  private constructor(
    private readonly installation: Installation,
    private readonly directory: string,
    private readonly port: number,
  ) {
    this.url = `http://127.0.0.1:${port}`
  }

  /** Takes a free port, which it keeps over restarts, and a directory for its files. Nothing runs yet. */
  static async create(installation: Installation): Promise<LiteLlmProxy> {
    return new LiteLlmProxy(installation, await mkdtemp(path.join(tmpdir(), 'litellm-e2e-')), await freePort())
  }

  /** What LiteLLM has printed since its last start. */
  get log(): string {
    return this.#log
  }

  /**
   * Starts LiteLLM, in place of the one that runs, and waits until it answers.
   * @throws Error with LiteLLM's last lines when it ends or does not answer in time
   */
  async start(config: ProxyConfig): Promise<void> {
    await this.stop()
    this.#log = ''
    const args = ['--host', '127.0.0.1', '--port', String(this.port)]
    if (config.models !== null) args.push('--config', await this.#writeConfig(config, config.models))
    const child = spawn(this.installation.python, [path.join(here, 'run.py'), ...args], {
      cwd: this.directory,
      // stdin stays open for as long as this process lives; run.py ends with it.
      stdio: ['pipe', 'pipe', 'pipe'],
      env: {
        ...pythonEnvironment(this.installation.pythonPath),
        HOME: this.directory,
        LITELLM_MASTER_KEY: MASTER_KEY,
        LITELLM_LOCAL_MODEL_COST_MAP: 'True',
        LITELLM_TELEMETRY: 'False',
        GATEWAY_API_KEY: 'sk-e2e-gateway-key',
        PYTHONUNBUFFERED: '1',
        DATABASE_URL: undefined,
      },
    })
    this.#child = child
    child.stdin.on('error', () => {})
    for (const stream of [child.stdout, child.stderr]) {
      stream.setEncoding('utf8').on('data', (text: string) => (this.#log += text))
    }
    await this.#untilReady(child)
  }

  /** Ends LiteLLM and waits for it; nothing happens when it does not run. */
  async stop(): Promise<void> {
    const child = this.#child
    this.#child = null
    if (child === null || child.exitCode !== null || child.signalCode !== null) return
    const exited = once(child, 'exit')
    child.kill('SIGTERM')
    const ended = await Promise.race([exited.then(() => true), sleep(STOP_TIMEOUT_MS, false, { ref: false })])
    if (!ended) child.kill('SIGKILL')
    await exited
  }

  /** Stops LiteLLM and removes its files. */
  async dispose(): Promise<void> {
    await this.stop()
    await rm(this.directory, { recursive: true, force: true })
  }

  async #writeConfig(config: ProxyConfig, models: string | { text: string }): Promise<string> {
    const settings = ['general_settings:', `  master_key: ${MASTER_KEY}`]
    if (config.keys === 'restricted') {
      // The module is looked up beside the config file.
      await copyFile(path.join(here, 'restricted_keys.py'), path.join(this.directory, 'restricted_keys.py'))
      settings.push('  custom_auth: restricted_keys.authenticate', '  custom_auth_run_common_checks: true')
    }
    const file = path.join(this.directory, 'config.yaml')
    const text = typeof models === 'string' ? await readFile(path.join(here, models), 'utf8') : models.text
    await writeFile(file, `${text}\n${settings.join('\n')}\n`)
    return file
  }

  async #untilReady(child: ChildProcess): Promise<void> {
    const deadline = Date.now() + START_TIMEOUT_MS
    while (Date.now() < deadline) {
      if (child.exitCode !== null || child.signalCode !== null) throw this.#failure('ended while it started')
      const answer = await fetch(`${this.url}/health/liveliness`, { signal: AbortSignal.timeout(2_000) }).catch(
        () => null,
      )
      await answer?.body?.cancel()
      if (answer?.ok === true) return
      await sleep(200)
    }
    await this.stop()
    throw this.#failure(`did not answer within ${START_TIMEOUT_MS / 1000} s`)
  }

  #failure(what: string): Error {
    return new Error(`LiteLLM ${what}; its last lines:\n${this.#log.split('\n').slice(-30).join('\n')}`)
  }
}

async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1')
  await once(server, 'listening')
  const { port } = server.address() as AddressInfo
  server.close()
  await once(server, 'close')
  return port
}
