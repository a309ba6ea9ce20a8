/** Which catalogue a command line means: the one behind --url, else the one in the database of the settings. */
import { hostname } from 'node:os'
import { readFile } from 'node:fs/promises'
import path from 'node:path'
import { readServerInfo } from '../embedded/server-info.js'
import { readServerOptions, serverOptionsFromEnv, type ServerSettings } from '../options.js'
import { readProxyRules } from '../sources/http-proxy-rules.js'
import type { Backend } from './backend.js'
import { createLog } from './log.js'
import { UsageError } from './usage-error.js'

export interface Connection {
  url?: string
  token?: string
}

/** @param logging where the log's lines go @throws UsageError; OptionsError; what the database says */
export async function openBackend(
  { url, token }: Connection,
  logging: { verbose: boolean; write(line: string): void },
): Promise<Backend> {
  const input = serverOptionsFromEnv()
  const settings = readServerOptions(input)
  const log = createLog({ ...logging, level: input.logLevel ?? 'warn' })
  if (url === undefined) {
    const { host: _, port: __, prefix: ___, adminToken: ____, logLevel: _____, ...sync } = settings
    const { openLocalBackend } = await import('./local-backend.js')
    return openLocalBackend(sync, log)
  }
  const address = readUrl(url)
  const { openRemoteBackend } = await import('./remote-backend.js')
  const key = token ?? settings.adminToken ?? (await ownToken(address, settings))
  const { protocol, hostname: host } = new URL(address)
  if (key !== null && protocol === 'http:' && !/^(localhost|\[::1\]|127\..*)$/.test(host))
    log.warn({ host }, 'The admin token is sent over plain http to another host; use https')
  const proxy = readProxyRules(settings, (problem) => log.warn(problem))
  return openRemoteBackend({ url: address, token: key, proxy })
}

function readUrl(url: string): string {
  const read = URL.canParse(url) ? new URL(url) : null
  const isAddress = read !== null && /^https?:$/.test(read.protocol) && read.search === '' && read.hash === ''
  if (!isAddress || read.username !== '' || read.password !== '')
    throw new UsageError(
      `--url is ${read === null ? `"${url}"` : 'not usable'}; expected the http(s) address of a server, as http://127.0.0.1:8081, without user, password and query`,
    )
  return `${read.origin}${read.pathname}`.replace(/\/+$/, '')
}

/** The token that the server generated for itself, when it is the one that holds our own data directory; no other server gets it. */
async function ownToken(url: string, { dataDir }: ServerSettings): Promise<string | null> {
  const info = await readServerInfo(dataDir)
  if (info === null || info.host !== hostname() || info.url !== url) return null
  const text = await readFile(path.join(dataDir, 'admin-token'), 'utf8').catch(() => '')
  return text.trim() === '' ? null : text.trim()
}
