/** Which catalogue a command line means: the one behind --url, else the one in the database of the settings. */
import { hostname } from 'node:os'
import path from 'node:path'
import { describeAddressProblem } from '../../core/input/http-address.js'
import { readServerInfo } from '../../embedded/server-info.js'
import { readOwnFile } from '../../file-locks/own-file.js'
import { findOwnFolder } from '../../file-locks/own-folder.js'
import { commandOptionsFromEnv, readSecretFile, readServerOptions, type ServerSettings } from '../../options.js'
import { readAuthorities } from '../../plugins/provider-gateway.js'
import { isReadOnTheWay } from '../../upstream/loopback-address.js'
import { readProxyRules } from '../../upstream/proxy-rules.js'
import type { Backend } from './backend.js'
import { createLog } from '../output/log.js'
import { UsageError } from '../line/usage-error.js'

export interface Connection {
  url?: string
  token?: string
  /** Names the file that holds the token. */
  tokenFile?: string
}

/**
 * @param logging where the log's lines go
 * @param named slugs that the command is about to sync, to be refused before a database is opened
 * @throws UsageError; OptionsError; UnknownProviderError; what the database says
 */
export async function openBackend(
  { url, token, tokenFile }: Connection,
  logging: { verbose: boolean; write(line: string): void },
  named: readonly string[] = [],
): Promise<Backend> {
  const warnings: string[] = []
  const input = commandOptionsFromEnv((line) => warnings.push(line))
  const settings = readServerOptions(input)
  const log = createLog({ ...logging, level: input.logLevel ?? 'warn' })
  for (const line of warnings) log.warn(line)
  if (url === undefined) {
    const { host: _, port: __, prefix: ___, adminToken: ____, logLevel: _____, ...sync } = settings
    const { openLocalBackend } = await import('./local-backend.js')
    return openLocalBackend(sync, log, named)
  }
  const address = readUrl(url)
  const { openRemoteBackend } = await import('./remote-backend.js')
  const given = tokenFile === undefined ? token : readSecretFile('--token-file', tokenFile)
  const key = given ?? settings.adminToken ?? (await ownToken(address, settings))
  if (key !== null && isReadOnTheWay(address))
    log.warn({ host: new URL(address).hostname }, 'The admin token is sent over plain http to another host; use https')
  const proxy = readProxyRules(settings, (problem) => log.warn(problem))
  return openRemoteBackend({ url: address, token: key, proxy, ca: readAuthorities(settings.tls)() })
}

function readUrl(url: string): string {
  const problem = describeAddressProblem(url)
  if (problem !== null) throw new UsageError(`--url is ${problem}`)
  const { origin, pathname, search, hash } = new URL(url)
  if (search !== '' || hash !== '')
    throw new UsageError(
      '--url has a query or a fragment; expected the address of a server alone, as http://127.0.0.1:8081',
    )
  return `${origin}${pathname}`.replace(/\/+$/, '')
}

/** The token that the server generated for itself, when it is the one that holds our own data directory; no other server gets it. */
async function ownToken(url: string, { dataDir }: ServerSettings): Promise<string | null> {
  const info = await readServerInfo(dataDir)
  if (info === null || info.host !== hostname() || info.url !== url) return null
  const folder = await findOwnFolder(dataDir)
  const text = await readOwnFile(path.join(folder.path, 'admin-token'), { closes: folder.shared !== null }).catch(
    () => '',
  )
  return text === '' ? null : text
}
